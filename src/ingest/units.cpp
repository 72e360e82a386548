// ingest/units.cpp
#include "ingest/units.hpp"

#include "ingest/letter_forms.hpp"

#include <algorithm>
#include <array>

namespace fenqun::ingest {
namespace {

struct UnitStep {
  std::string_view base;
  std::string_view unit;
  int shift = 0;  // base = unit * multiplier * 10 ^ shift
  int multiplier = 1;
};

constexpr std::array kUnits = {
    UnitStep{"kWh", "Wh", -3},
    UnitStep{"kWh", "MWh", 3},
    UnitStep{"kWh", "GWh", 6},
    UnitStep{"kWh", "度"},
    UnitStep{"kWh", "千瓦时"},
    UnitStep{"kWh", "千瓦小时"},
    UnitStep{"kWh", "兆瓦时", 3},
    UnitStep{"kvarh", "Mvarh", 3},
    UnitStep{"kvarh", "千乏时"},
    UnitStep{"CNY", "元"},
    UnitStep{"CNY", "RMB"},
    UnitStep{"CNY", "人民币"},
    UnitStep{"CNY", "人民币元"},
    UnitStep{"CNY", "角", -1},
    UnitStep{"CNY", "分", -2},
    UnitStep{"kW", "W", -3},
    UnitStep{"kW", "MW", 3},
    UnitStep{"kW", "瓦", -3},
    UnitStep{"kW", "千瓦"},
    UnitStep{"kW", "兆瓦", 3},
    UnitStep{"kVA", "VA", -3},
    UnitStep{"kVA", "MVA", 3},
    UnitStep{"kVA", "伏安", -3},
    UnitStep{"kVA", "千伏安"},
    UnitStep{"kVA", "兆伏安", 3},
    UnitStep{"kV", "V", -3},
    UnitStep{"kV", "伏", -3},
    UnitStep{"kV", "伏特", -3},
    UnitStep{"kV", "千伏"},
    UnitStep{"V", "kV", 3},
    UnitStep{"V", "伏"},
    UnitStep{"V", "伏特"},
    UnitStep{"V", "千伏", 3},
    UnitStep{"A", "mA", -3},
    UnitStep{"A", "kA", 3},
    UnitStep{"A", "安"},
    UnitStep{"A", "安培"},
    UnitStep{"A", "千安", 3},
    UnitStep{"CNY/kWh", "元/kWh"},
    UnitStep{"CNY/kWh", "元/度"},
    UnitStep{"CNY/kWh", "元/千瓦时"},
    UnitStep{"CNY/kWh", "元/千瓦·时"},
    UnitStep{"CNY/kWh", "分/kWh", -2},
    UnitStep{"CNY/kWh", "分/度", -2},
    UnitStep{"CNY/kWh", "分/千瓦时", -2},
    UnitStep{"CNY/kWh", "CNY/MWh", -3},
    UnitStep{"CNY/kWh", "元/MWh", -3},
    UnitStep{"CNY/kWh", "元/兆瓦时", -3},
    UnitStep{"CNY/kW", "元/kW"},
    UnitStep{"CNY/kW", "元/千瓦"},
    UnitStep{"CNY/kVA", "元/kVA"},
    UnitStep{"CNY/kVA", "元/千伏安"},
    UnitStep{"km", "m", -3},
    UnitStep{"km", "米", -3},
    UnitStep{"km", "公里"},
    UnitStep{"km", "千米"},
    UnitStep{"km²", "km2"},
    UnitStep{"km²", "平方公里"},
    UnitStep{"km²", "平方千米"},
    UnitStep{"km²", "公顷", -2},
    UnitStep{"mm", "毫米"},
    UnitStep{"mm", "cm", 1},
    UnitStep{"mm", "厘米", 1},
    UnitStep{"d", "天"},
    UnitStep{"d", "日"},
    UnitStep{"min", "分"},
    UnitStep{"min", "分钟"},
    UnitStep{"min", "h", 0, 60},
    UnitStep{"min", "小时", 0, 60},
    UnitStep{"s", "秒"},
    UnitStep{"s", "秒钟"},
    UnitStep{"s", "min", 0, 60},
    UnitStep{"s", "分钟", 0, 60},
    UnitStep{"s", "h", 0, 3600},
    UnitStep{"s", "小时", 0, 3600},
    UnitStep{"years", "年"},
    UnitStep{"years", "岁"},
    UnitStep{"years", "周岁"},
    UnitStep{"°C", "℃"},
    UnitStep{"°C", "度"},
    UnitStep{"°C", "摄氏度"},
    UnitStep{"°", "度"},
    UnitStep{"share", "%", -2},
    UnitStep{"share", "‰", -3},
};

struct Scale {
  std::string_view word;
  int shift;
};

constexpr std::array kScales = {Scale{"百", 2},   Scale{"千", 3},   Scale{"万", 4}, Scale{"十万", 5},
                                Scale{"百万", 6}, Scale{"千万", 7}, Scale{"亿", 8}, Scale{"万亿", 12}};

// Units of which nobody counts by the ten thousand: 千分 is none.
bool takes_scale(std::string_view base) {
  return base == "kWh" || base == "CNY" || base == "kW" || base == "kVA" || base == "kvarh" || base == "V";
}

std::string plain_decimal(int shift, int multiplier) {
  auto digits = std::to_string(multiplier);
  if (shift >= 0) return digits + std::string(static_cast<std::size_t>(shift), '0');
  const auto places = static_cast<std::size_t>(-shift);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  digits.insert(digits.size() - places, ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

}  // namespace

std::string unit_of(const warehouse::Field& field) {
  return field.unit.empty() && field.name.ends_with("_share") ? "share" : field.unit;
}

std::vector<UnitSuffix> unit_suffixes(std::string_view base) {
  std::vector<UnitSuffix> out;
  const auto add = [&](std::string text, int shift, int multiplier, bool has_unit) {
    const auto same = [&](const UnitSuffix& other) { return lower_ascii(other.text) == lower_ascii(text); };
    if (std::none_of(out.begin(), out.end(), same)) out.push_back({std::move(text), shift, multiplier, has_unit});
  };
  std::vector<UnitSuffix> units;
  if (!base.empty()) units.push_back({std::string(base)});
  for (const auto& step : kUnits) {
    if (step.base == base) units.push_back({std::string(step.unit), step.shift, step.multiplier});
  }
  // A unit as such goes before a scale and a unit: 千瓦时 is one, not a thousand of another.
  for (const auto& unit : units) add(unit.text, unit.shift, unit.multiplier, true);
  for (const auto& scale : kScales) add(std::string(scale.word), scale.shift, 1, false);
  if (takes_scale(base)) {
    for (const auto& scale : kScales) {
      for (const auto& unit : units) add(std::string(scale.word) + unit.text, scale.shift + unit.shift, 1, true);
    }
  }
  return out;
}

std::optional<std::string> unit_factor(std::string_view unit, std::string_view base) {
  if (unit == base) return "1";
  for (const auto& suffix : unit_suffixes(base)) {
    if (suffix.has_unit && suffix.text == unit) return plain_decimal(suffix.shift, suffix.multiplier);
  }
  return std::nullopt;
}

std::vector<std::string> unit_names(std::string_view base) {
  std::vector<std::string> names;
  if (!base.empty() && base != "share") names.emplace_back(base);
  for (const auto& step : kUnits) {
    if (step.base == base) names.emplace_back(step.unit);
  }
  return names;
}

}  // namespace fenqun::ingest
