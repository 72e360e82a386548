// report/wording.hpp - names, numbers and quantities as a reader of the report's language writes them. Level 5.
// Chinese counts in 万 (10^4) and 亿 (10^8), English in million and billion, MWh and GWh. What is absent or not finite
// reads "—".
#pragma once

#include "base/texts.hpp"
#include "features/catalogue.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fenqun::report {

/// Looks at texts and features, which must outlive it. Immutable: safe from several threads.
class Wording {
 public:
  Wording(const Texts& texts, std::span<const features::Feature> features);

  [[nodiscard]] std::string operator()(std::string_view key, const TextArgs& args = {}) const {
    return texts_->operator()(key, args);
  }
  /// The text of a key that is put together at run time, or `fallback` when there is none.
  [[nodiscard]] std::string either(const std::string& key, std::string_view fallback) const;
  /// In the report's language; in the other one when this one is empty.
  [[nodiscard]] const std::string& in(const BilingualText& text) const noexcept;
  [[nodiscard]] Language language() const noexcept { return texts_->language(); }

  [[nodiscard]] const features::Feature* feature(std::string_view name) const;  // null: not in the catalogue
  [[nodiscard]] std::string title(std::string_view feature) const;              // its name when it is not there
  /// Name of a categorical feature's value: from its contract, else the value; "(missing)" for the empty one.
  [[nodiscard]] std::string value_name(std::string_view feature, std::string_view value) const;
  [[nodiscard]] std::string unit_name(std::string_view unit) const;  // "CNY" -> 元

  [[nodiscard]] std::string count(std::int64_t value) const;             // 47,783
  [[nodiscard]] std::string percent(std::optional<double> share) const;  // 0.552 -> 55.2%
  [[nodiscard]] std::string quantile(double share) const;                // 0.1 -> 10%, 0.005 -> 0.5%
  [[nodiscard]] std::string index(std::optional<double> value) const;    // 1.16
  [[nodiscard]] std::string fixed(std::optional<double> value, int decimals) const;
  [[nodiscard]] std::string number(std::optional<double> value) const;  // as many decimals as its size asks
  [[nodiscard]] std::string money(std::optional<double> cny) const;     // 1.23亿元; CNY 123.46 million
  [[nodiscard]] std::string energy(std::optional<double> kwh) const;    // 2.30亿千瓦时; 230.00 GWh
  [[nodiscard]] std::string quantity(std::optional<double> value, std::string_view unit) const;
  /// A value of this feature in its own unit; of a yes/no feature its share of yes.
  [[nodiscard]] std::string quantity_of(std::string_view feature, std::optional<double> value) const;
  [[nodiscard]] std::string duration(double elapsed_ms) const;
  [[nodiscard]] std::string memory(std::uint64_t bytes) const;
  [[nodiscard]] std::string month(std::string_view text) const;  // "2026-06" -> 2026年6月

 private:
  const Texts* texts_;
  std::map<std::string, const features::Feature*, std::less<>> features_;
};

/// A customer's number for pages that are handed around: the first four and the last two characters, the rest as
/// asterisks; of a number of up to eight characters the last two alone.
std::string masked_customer(const std::string& customer);

}  // namespace fenqun::report
