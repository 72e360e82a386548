// ingest/units.cpp
#include "ingest/mapping.hpp"

#include <array>

namespace fenqun::ingest {
namespace {

struct UnitStep {
  std::string_view unit;
  std::string_view base;
  std::string_view factor;
};

constexpr std::array kUnits = {
    UnitStep{"Wh", "kWh", "0.001"},
    UnitStep{"MWh", "kWh", "1000"},
    UnitStep{"GWh", "kWh", "1000000"},
    UnitStep{"度", "kWh", "1"},
    UnitStep{"千瓦时", "kWh", "1"},
    UnitStep{"兆瓦时", "kWh", "1000"},
    UnitStep{"万千瓦时", "kWh", "10000"},
    UnitStep{"万kWh", "kWh", "10000"},
    UnitStep{"元", "CNY", "1"},
    UnitStep{"角", "CNY", "0.1"},
    UnitStep{"分", "CNY", "0.01"},
    UnitStep{"千元", "CNY", "1000"},
    UnitStep{"万元", "CNY", "10000"},
    UnitStep{"VA", "kVA", "0.001"},
    UnitStep{"MVA", "kVA", "1000"},
    UnitStep{"千伏安", "kVA", "1"},
    UnitStep{"V", "kV", "0.001"},
    UnitStep{"伏", "kV", "0.001"},
    UnitStep{"千伏", "kV", "1"},
    UnitStep{"元/kWh", "CNY/kWh", "1"},
    UnitStep{"分/kWh", "CNY/kWh", "0.01"},
    UnitStep{"CNY/MWh", "CNY/kWh", "0.001"},
    UnitStep{"元/kW", "CNY/kW", "1"},
};

}  // namespace

std::optional<std::string> unit_factor(std::string_view unit, std::string_view base) {
  if (unit == base) return "1";
  for (const auto& step : kUnits) {
    if (step.unit == unit && step.base == base) return std::string(step.factor);
  }
  return std::nullopt;
}

}  // namespace fenqun::ingest
