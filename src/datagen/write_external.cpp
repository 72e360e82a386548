// datagen/write_external.cpp - weather, prices of each customer, measures of another system.
#include "datagen/entity_writers.hpp"
#include "datagen/named_row.hpp"
#include "datagen/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace fenqun::datagen {

Result<void> write_weather(const World& world, const Portion&, TableFile& table) {
  const auto& weather = world.parameters.records.weather;
  constexpr std::array<const char*, 8> kWinds = {"北风", "东北风", "东风", "东南风",
                                                 "南风", "西南风", "西风", "西北风"};
  auto random = random_for(world.seed, Purpose::WeatherDay, 0);
  NamedRow row(table);
  double deviation = 0;
  for (auto d = world.calendar.first_day(); d <= world.calendar.last_day(); ++d) {
    const auto month = month_of_day(d);
    const auto m = static_cast<std::size_t>(month.month_of_year() - 1);
    // Between the middles of the months the mean runs straight; a warm day follows a warm one.
    const double at = (d - month.first_day() + 0.5) / month.days() - 0.5;
    const double here = weather.mean_c[m], next = weather.mean_c[(m + (at < 0 ? 11 : 1)) % 12];
    const double shock = std::sqrt(1 - weather.persistence * weather.persistence);
    deviation = weather.persistence * deviation + shock * random.normal();
    const double mean = here + (next - here) * std::abs(at) + weather.daily_sd_c * deviation;
    const double span = random.uniform(weather.day_span_c[0], weather.day_span_c[1]);
    const bool is_wet = random.chance(weather.rain_share[m]);
    const double rain = random.exponential(weather.rain_mm);
    const double humid = (is_wet ? 0.82 : 0.66) + random.uniform(-0.1, 0.1);
    const bool is_cloudy = random.chance(0.45);
    row.date("day", d)
        .text("region", world.parameters.profile.region)
        .decimal("temperature_max_c", mean + span / 2, 1)
        .decimal("temperature_min_c", mean - span / 2, 1)
        .decimal("temperature_mean_c", mean, 1)
        .text("weather", !is_wet     ? (is_cloudy ? "多云" : "晴")
                         : mean < 1  ? "小雪"
                         : rain > 25 ? "大雨"
                         : rain > 8  ? "中雨"
                                     : "小雨")
        .text("wind_direction", kWinds[random.below(kWinds.size())])
        .text("wind_force", fmt::format("{}级", 1 + random.below(5)))
        .decimal("humidity_share", humid, 4)
        .decimal("precipitation_mm", is_wet ? std::max(0.1, rain) : 0.0, 1);
    FENQUN_CHECK(row.end());
  }
  return {};
}

Result<void> write_prices(const World& world, const Portion& portion, TableFile& table) {
  const auto month = world.timeline.month(portion.t);
  const auto price = [](std::int64_t micro) { return std::optional<std::int64_t>(micro); };
  NamedRow row(table);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    if (world.is_home(customer)) continue;
    const auto use = world.usage.month(i, customer, portion.t);
    if (!use) continue;
    const auto& tariff = world.parameters.usage.tariffs[customer.tariff];
    const auto energy_fen = static_cast<double>(use->amount_fen - use->capacity_fen);
    const auto total = static_cast<double>(use->energy.total());
    const auto capacity = tariff.capacity_fen_per_kva * 10'000;
    row.text("customer_id", world.customer_id(i))
        .date("month", month.first_day())
        .scaled("valley_price_cny_per_kwh", price(tariff.price_micro_cny[2]), 6)
        .scaled("peak_price_cny_per_kwh", price(tariff.price_micro_cny[0]), 6)
        .scaled("flat_price_cny_per_kwh", price(tariff.price_micro_cny[1]), 6)
        .decimal("price_cny_per_kwh", energy_fen * 10 / total, 6)
        .scaled("capacity_charge_cny_per_kva", capacity > 0 ? price(capacity) : std::nullopt, 6);
    FENQUN_CHECK(row.end());
  }
  return {};
}

Result<void> write_attributes(const World& world, const Portion& portion, TableFile& table) {
  const auto& numbers = world.parameters.records.attributes;
  const int last = world.timeline.months - 1;
  NamedRow row(table);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    if (customer.revenue > 2 || world.is_home(customer) || !world.is_open(customer)) continue;
    double kwh = 0, cny = 0, last_kwh = 0;
    for (int t = std::max(0, last - 11); t <= last; ++t) {
      const auto use = world.usage.month(i, customer, t);
      if (!use) continue;
      last_kwh = static_cast<double>(use->energy.total()) / 1000;
      kwh += last_kwh;
      cny += static_cast<double>(use->amount_fen) / 100;
    }
    auto random = random_for(world.seed, Purpose::Attribute, i);
    const double gross = cny * numbers.gross_margin_share * random.lognormal(0, numbers.margin_log_sd);
    const double net = cny * numbers.net_margin_share * random.lognormal(0, numbers.margin_log_sd);
    const double growth = std::exp(12 * static_cast<double>(customer.growth_per_month));
    const double forecast = kwh * growth * random.lognormal(0, numbers.forecast_log_sd);
    const double years = (world.timeline.last_day() - customer.opened_day) / 365.25;
    const std::array<std::pair<const char*, double>, 6> measures = {{{"energy_12m_kwh", kwh},
                                                                     {"energy_last_month_kwh", last_kwh},
                                                                     {"net_margin_cny", net},
                                                                     {"gross_margin_cny", gross},
                                                                     {"forecast_energy_12m_kwh", forecast},
                                                                     {"years_customer", std::floor(years)}}};
    for (const auto& [name, value] : measures) {
      row.text("customer_id", world.customer_id(i))
          .text("attribute", name)
          .date("month", world.timeline.end.first_day())
          .decimal("value_number", value, 6);
      FENQUN_CHECK(row.end());
    }
  }
  return {};
}

}  // namespace fenqun::datagen
