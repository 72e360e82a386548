// report/wording.cpp
#include "report/wording.hpp"

#include "base/month.hpp"
#include "base/number.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

namespace fenqun::report {
namespace {

constexpr const char* kAbsent = "—";

bool is_known(std::optional<double> value) noexcept { return value && std::isfinite(*value); }

/// 1234.5 with one decimal -> "1,234.5"; never "-0.0".
std::string grouped(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find_first_not_of("-0.") == std::string::npos && text.front() == '-') text.erase(0, 1);
  const auto point = std::min(text.find('.'), text.size());
  const std::size_t first = text.front() == '-' ? 1 : 0;
  for (std::size_t at = point; at > first + 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string unit_key(std::string_view unit) {
  std::string key = "report.unit_";
  for (const char c : unit) {
    if (c == '/') {
      key += "_per_";
    } else {
      key += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return key;
}

}  // namespace

Wording::Wording(const Texts& texts, std::span<const features::Feature> features) : texts_(&texts) {
  for (const auto& feature : features) features_.emplace(feature.name, &feature);
}

std::string Wording::either(const std::string& key, std::string_view fallback) const {
  return texts_->has(key) ? (*texts_)(key) : std::string(fallback);
}

const std::string& Wording::in(const BilingualText& text) const noexcept {
  const std::string& own = text.in(language());
  if (!own.empty()) return own;
  return text.in(language() == Language::Chinese ? Language::English : Language::Chinese);
}

const features::Feature* Wording::feature(std::string_view name) const {
  const auto found = features_.find(name);
  return found == features_.end() ? nullptr : found->second;
}

std::string Wording::title(std::string_view name) const {
  const auto* found = feature(name);
  return found != nullptr && !in(found->title).empty() ? in(found->title) : std::string(name);
}

std::string Wording::value_name(std::string_view name, std::string_view value) const {
  if (value.empty()) return (*texts_)("report.value_missing");
  const auto* found = feature(name);
  if (found == nullptr) return std::string(value);
  const auto named = found->value_names.find(value);
  return named == found->value_names.end() ? std::string(value) : in(named->second);
}

std::string Wording::unit_name(std::string_view unit) const {
  return unit.empty() ? std::string() : either(unit_key(unit), unit);
}

std::string Wording::count(std::int64_t value) const { return with_thousands(value); }

std::string Wording::percent(std::optional<double> share) const {
  return is_known(share) ? grouped(*share * 100, 1) + "%" : kAbsent;
}

std::string Wording::quantile(double share) const {
  const bool whole = std::abs(share * 100 - std::round(share * 100)) < 1e-6;
  return whole ? grouped(share * 100, 0) + "%" : percent(share);
}

std::string Wording::index(std::optional<double> value) const { return fixed(value, 2); }

std::string Wording::fixed(std::optional<double> value, int decimals) const {
  return is_known(value) ? grouped(*value, decimals) : kAbsent;
}

std::string Wording::number(std::optional<double> value) const {
  if (!is_known(value)) return kAbsent;
  const double size = std::abs(*value);
  if (size > 0 && size < 0.01) return fmt::format("{:.2g}", *value);
  return grouped(*value, size >= 1000 ? 0 : size >= 100 ? 1 : 2);
}

std::string Wording::money(std::optional<double> cny) const {
  if (!is_known(cny)) return kAbsent;
  const bool chinese = language() == Language::Chinese;
  const double large = chinese ? 1e8 : 1e9;
  const double medium = chinese ? 1e4 : 1e6;
  if (std::abs(*cny) >= large) return (*texts_)("report.money_large", {{"value", grouped(*cny / large, 2)}});
  if (std::abs(*cny) >= medium) return (*texts_)("report.money_medium", {{"value", grouped(*cny / medium, 2)}});
  return (*texts_)("report.money_plain", {{"value", grouped(*cny, 2)}});
}

std::string Wording::energy(std::optional<double> kwh) const {
  if (!is_known(kwh)) return kAbsent;
  const bool chinese = language() == Language::Chinese;
  const double large = chinese ? 1e8 : 1e6;
  const double medium = chinese ? 1e4 : 1e3;
  if (std::abs(*kwh) >= large) return (*texts_)("report.energy_large", {{"value", grouped(*kwh / large, 2)}});
  if (std::abs(*kwh) >= medium) return (*texts_)("report.energy_medium", {{"value", grouped(*kwh / medium, 2)}});
  return (*texts_)("report.energy_plain", {{"value", grouped(*kwh, 1)}});
}

std::string Wording::quantity(std::optional<double> value, std::string_view unit) const {
  if (unit == "CNY") return money(value);
  if (unit == "kWh") return energy(value);
  if (unit == "share") return percent(value);
  if (unit.empty() || unit == "ratio" || !is_known(value)) return number(value);
  return (*texts_)("report.quantity", {{"value", number(value)}, {"unit", unit_name(unit)}});
}

std::string Wording::quantity_of(std::string_view name, std::optional<double> value) const {
  const auto* found = feature(name);
  if (found == nullptr) return number(value);
  return found->type == features::FeatureType::Flag ? percent(value) : quantity(value, found->unit);
}

std::string Wording::duration(double elapsed_ms) const {
  if (!std::isfinite(elapsed_ms)) return kAbsent;
  if (elapsed_ms < 1000) return (*texts_)("report.duration_ms", {{"value", grouped(elapsed_ms, 0)}});
  if (elapsed_ms < 120'000) return (*texts_)("report.duration_s", {{"value", grouped(elapsed_ms / 1000, 1)}});
  const auto seconds = std::llround(elapsed_ms / 1000);
  return (*texts_)("report.duration_min",
                   {{"minutes", with_thousands(seconds / 60)}, {"seconds", fmt::format("{:02}", seconds % 60)}});
}

std::string Wording::memory(std::uint64_t bytes) const {
  if (bytes == 0) return kAbsent;
  const double mebibytes = static_cast<double>(bytes) / (1024.0 * 1024.0);
  return mebibytes < 1024 ? grouped(mebibytes, 0) + " MiB" : grouped(mebibytes / 1024, 2) + " GiB";
}

std::string Wording::month(std::string_view text) const {
  const auto parsed = Month::parse(text);
  if (!parsed) return text.empty() ? kAbsent : std::string(text);
  const auto number = fmt::format("{}", parsed->month_of_year());
  return (*texts_)("report.month",
                   {{"year", fmt::format("{}", parsed->year())}, {"month", either("report.month_" + number, number)}});
}

std::string masked_customer(const std::string& customer) {
  constexpr std::size_t kFirst = 4, kLast = 2;
  if (customer.size() <= kLast) return std::string(customer.size(), '*');
  const std::size_t shown = customer.size() > 2 * kFirst ? kFirst : 0;
  return customer.substr(0, shown) + std::string(customer.size() - shown - kLast, '*') +
         customer.substr(customer.size() - kLast);
}

}  // namespace fenqun::report
