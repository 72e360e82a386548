// datagen/parameters_records.cpp - config/datagen/records.yaml, and a profile's amounts.
#include "datagen/parameter_reading.hpp"

#include <algorithm>

namespace fenqun::datagen {
namespace {

constexpr double kMany = 1e9;

Result<std::vector<std::string>> words(const Settings& from, const char* key) {
  FENQUN_TRY(auto out, from.texts(key));
  if (out.empty()) return from.refuse("base.setting_missing", {{"key", key}});
  return out;
}

Result<void> read_staff(const Settings& from, StaffNumbers& out) {
  FENQUN_TRY(out.area_manager, number_within(from, "customers_per_area_manager", 1, kMany));
  FENQUN_TRY(out.meter_reader, number_within(from, "customers_per_meter_reader", 1, kMany));
  FENQUN_TRY(out.collector, number_within(from, "customers_per_collector", 1, kMany));
  FENQUN_TRY(out.inspector, number_within(from, "customers_per_inspector", 1, kMany));
  FENQUN_TRY(out.counter_clerk, number_within(from, "customers_per_counter_clerk", 1, kMany));
  FENQUN_TRY(out.repairer, number_within(from, "customers_per_repairer", 1, kMany));
  FENQUN_TRY(out.account_managers_per_station, count_within(from, "account_managers_per_station", 1, 1000));
  FENQUN_TRY(out.agents, count_within(from, "agents", 1, 1000));
  FENQUN_TRY(out.supervisors, count_within(from, "supervisors", 1, 1000));
  FENQUN_TRY(out.managers_per_station, count_within(from, "managers_per_station", 1, 1000));
  FENQUN_TRY(out.left_share, share_of(from, "left_share"));
  FENQUN_TRY(out.skill_levels, weights_of(from, "skill_levels"));
  return {};
}

Result<void> read_grid(const Settings& from, GridNumbers& out) {
  FENQUN_TRY(out.feeders_per_substation, count_within(from, "feeders_per_substation", 1, 1000));
  FENQUN_TRY(out.substation_kva, number_within(from, "substation_kva", 1, kMany));
  FENQUN_TRY(out.transferable_share, by_location(from, "transferable_share", 1));
  FENQUN_TRY(out.cable_share, by_location(from, "cable_share", 1));
  FENQUN_TRY(out.kva_per_customer, number_within(from, "kva_per_customer", 0.01, 1000));
  FENQUN_TRY(out.degrees_per_km, number_within(from, "degrees_per_km", 0.001, 0.1));
  FENQUN_TRY(out.span_km, number_within(from, "span_km", 0.1, 1000));
  return {};
}

Result<void> read_possessions(const Settings& equipment, const Settings& contracts, const Settings& accounts,
                              Records& out) {
  FENQUN_TRY(out.equipment.photovoltaic_share_of_firms, share_of(equipment, "photovoltaic_share_of_firms"));
  FENQUN_TRY(const auto ev, equipment.child("ev_charger_share"));
  FENQUN_TRY(out.equipment.ev_share_of_homes, share_of(ev, "home"));
  FENQUN_TRY(out.equipment.ev_share_of_others, share_of(ev, "other"));
  FENQUN_TRY(out.equipment.meets_standard_share, share_of(equipment, "meets_standard_share"));
  FENQUN_TRY(out.equipment.prepaid_meter_share, share_of(equipment, "prepaid_meter_share"));
  FENQUN_TRY(out.equipment.manufacturers, words(equipment, "manufacturers"));
  FENQUN_TRY(const auto years, contracts.child("years"));
  for (std::size_t i = 0; i < kContractKinds.size(); ++i) {
    FENQUN_TRY(out.contracts.years[i], array_within<2>(years, kContractKinds[i], 1, 100));
  }
  FENQUN_TRY(out.contracts.expired_share, share_of(contracts, "expired_share"));
  FENQUN_TRY(const auto traded, contracts.child("market_traded_share"));
  FENQUN_TRY(out.contracts.traded_large, share_of(traded, "large_industrial"));
  FENQUN_TRY(out.contracts.traded_commercial, share_of(traded, "general_commercial"));
  FENQUN_TRY(out.contracts.suppliers, words(contracts, "suppliers"));
  FENQUN_TRY(out.contracts.preferential_share, share_of(contracts, "preferential_share"));
  FENQUN_TRY(out.accounts.banks, words(accounts, "banks"));
  FENQUN_TRY(const auto second, accounts.child("second_account_share"));
  FENQUN_TRY(out.accounts.second_large, share_of(second, "large"));
  FENQUN_TRY(out.accounts.second_other, share_of(second, "other"));
  FENQUN_TRY(out.accounts.consolidated_share, share_of(accounts, "consolidated_share"));
  return {};
}

Result<void> read_readings(const Settings& from, ReadingNumbers& out) {
  FENQUN_TRY(out.estimated_share, share_of(from, "estimated_share"));
  FENQUN_TRY(out.manual_share, share_of(from, "manual_share"));
  FENQUN_TRY(const auto factor, from.child("power_factor"));
  FENQUN_TRY(out.factor_home, number_within(factor, "home", 0.1, 1));
  FENQUN_TRY(out.factor_commerce, number_within(factor, "commerce", 0.1, 1));
  FENQUN_TRY(out.factor_industry, number_within(factor, "industry", 0.1, 1));
  FENQUN_TRY(out.factor_other, number_within(factor, "other", 0.1, 1));
  return {};
}

Result<void> read_survey(const Settings& from, SurveyNumbers& out) {
  constexpr std::array<const char*, 3> kResults = {"satisfied", "neutral", "dissatisfied"};
  FENQUN_TRY(out.month, count_within(from, "month", 1, 12));
  FENQUN_TRY(out.id, from.text("id"));
  FENQUN_TRY(out.question, from.text("question"));
  FENQUN_TRY(const auto results, from.child("results"));
  FENQUN_TRY(const auto score, from.child("score"));
  double sum = 0;
  for (std::size_t i = 0; i < kResults.size(); ++i) {
    FENQUN_TRY(out.results[i], share_of(results, kResults[i]));
    FENQUN_TRY(out.score[i], array_within<2>(score, kResults[i], 0, 100));
    sum += out.results[i];
  }
  if (sum < 1 - 1e-9 || sum > 1 + 1e-9) return from.refuse("datagen.shares_not_one", {{"key", "results"}});
  FENQUN_TRY(out.channels, weights_of(from, "channels"));
  FENQUN_TRY(const auto further, from.child("further_questions"));
  FENQUN_TRY(const auto questions, further.entries());
  for (const auto& [dimension, node] : questions) {
    FENQUN_TRY(auto question, node.text());
    out.further.emplace_back(dimension, std::move(question));
  }
  FENQUN_TRY(out.remarks, words(from, "remarks"));
  return {};
}

Result<std::size_t> method_of(const Settings& from, const std::string& name, const std::vector<std::string>& methods) {
  const auto at = std::find(methods.begin(), methods.end(), name);
  if (at != methods.end()) return static_cast<std::size_t>(at - methods.begin());
  return from.refuse("base.setting_wrong", {{"key", "interactions"}, {"value", name}, {"expected", "classes.methods"}});
}

Result<void> read_interactions(const Settings& from, const std::vector<std::string>& methods, InteractionNumbers& out) {
  FENQUN_TRY(const auto own, from.texts("own_channels"));
  out.is_own_channel.assign(methods.size(), false);
  for (const auto& name : own) {
    FENQUN_TRY(const auto method, method_of(from, name, methods));
    out.is_own_channel[method] = true;
  }
  FENQUN_TRY(const auto rates, from.child("enquiries"));
  FENQUN_TRY(const double other, number_within(rates, "other", 0, 1));
  out.enquiries.assign(methods.size(), other);
  FENQUN_TRY(const auto entries, rates.entries());
  for (const auto& entry : entries) {
    if (entry.first == "other") continue;
    FENQUN_TRY(const auto method, method_of(rates, entry.first, methods));
    FENQUN_TRY(out.enquiries[method], number_within(rates, entry.first, 0, 1));
  }
  FENQUN_TRY(out.visits, by_grade(from, "visits_by_grade", 1));
  FENQUN_TRY(out.failed_share, share_of(from, "failed_share"));
  FENQUN_TRY(out.satisfaction_share, share_of(from, "satisfaction_share"));
  return {};
}

Result<void> read_applications(const Settings& from, ApplicationNumbers& out) {
  constexpr std::array<const char*, 4> kGrowth = {"fast", "ordinary", "stable", "decline"};
  FENQUN_TRY(const auto increase, from.child("capacity_increase_per_year"));
  FENQUN_TRY(const auto decrease, from.child("capacity_decrease_per_year"));
  for (std::size_t i = 0; i < kGrowth.size(); ++i) {
    FENQUN_TRY(out.increase[i], share_of(increase, kGrowth[i]));
    FENQUN_TRY(out.decrease[i], share_of(decrease, kGrowth[i]));
  }
  FENQUN_TRY(out.transfer, share_of(from, "transfer_per_year"));
  FENQUN_TRY(out.tariff_change, share_of(from, "tariff_change_per_year"));
  FENQUN_TRY(out.ev_charging, share_of(from, "ev_charging_per_year"));
  FENQUN_TRY(out.distributed_energy, share_of(from, "distributed_energy_per_year"));
  FENQUN_TRY(const auto days, from.child("days"));
  for (std::size_t i = 0; i < kApplicationKinds.size(); ++i) {
    FENQUN_TRY(out.days[i], array_within<2>(days, kApplicationKinds[i], 0, 366));
  }
  FENQUN_TRY(out.channels, weights_of(from, "channels"));
  return {};
}

Result<std::array<double, 2>> high_and_other(const Settings& from, const char* key) {
  FENQUN_TRY(const auto map, from.child(key));
  std::array<double, 2> out{};
  FENQUN_TRY(out[0], share_of(map, "high"));
  FENQUN_TRY(out[1], share_of(map, "other"));
  return out;
}

Result<void> read_complaints(const Settings& from, ComplaintNumbers& out) {
  for (const auto* topic : {"billing", "outage", "service", "metering", "payment"}) {
    FENQUN_TRY(const auto node, from.child(topic));
    ComplaintText text;
    text.topic = topic;
    FENQUN_TRY(text.category, node.text("category"));
    FENQUN_TRY(text.theme, node.text("theme"));
    FENQUN_TRY(text.attribute, node.text("attribute"));
    FENQUN_TRY(text.effect, node.text("effect"));
    FENQUN_TRY(text.cause, node.text("cause"));
    FENQUN_TRY(text.text, node.text("text"));
    out.texts.push_back(std::move(text));
  }
  FENQUN_TRY(out.justified_share, share_of(from, "justified_share"));
  FENQUN_TRY(out.repeat, high_and_other(from, "repeat_share"));
  FENQUN_TRY(out.malicious, high_and_other(from, "malicious_share"));
  FENQUN_TRY(out.escalated, high_and_other(from, "escalated_share"));
  FENQUN_TRY(out.severities, weights_of(from, "severities"));
  FENQUN_TRY(out.compensation_cny, array_within<2>(from, "compensation_cny", 0, kMany));
  return {};
}

Result<void> read_weather(const Settings& from, WeatherNumbers& out) {
  FENQUN_TRY(out.mean_c, array_within<12>(from, "monthly_mean_c", -60, 45));
  FENQUN_TRY(out.rain_share, array_within<12>(from, "rain_share", 0, 1));
  FENQUN_TRY(out.daily_sd_c, number_within(from, "daily_sd_c", 0, 4));
  FENQUN_TRY(out.persistence, number_within(from, "persistence", 0, 0.99));
  FENQUN_TRY(out.day_span_c, array_within<2>(from, "day_span_c", 0, 15));
  FENQUN_TRY(out.rain_mm, number_within(from, "rain_mm", 0, 100));
  return {};
}

}  // namespace

Result<Records> read_records(const Settings& from, const Classes& classes) {
  FENQUN_CHECK(from.allow_only({"staff", "grid", "equipment", "contracts", "accounts", "readings", "survey",
                                "interactions", "applications", "complaints", "weather", "attributes"}));
  Records out;
  FENQUN_TRY(const auto staff, from.child("staff"));
  FENQUN_CHECK(read_staff(staff, out.staff));
  FENQUN_TRY(const auto grid, from.child("grid"));
  FENQUN_CHECK(read_grid(grid, out.grid));
  FENQUN_TRY(const auto equipment, from.child("equipment"));
  FENQUN_TRY(const auto contracts, from.child("contracts"));
  FENQUN_TRY(const auto accounts, from.child("accounts"));
  FENQUN_CHECK(read_possessions(equipment, contracts, accounts, out));
  FENQUN_TRY(const auto readings, from.child("readings"));
  FENQUN_CHECK(read_readings(readings, out.readings));
  FENQUN_TRY(const auto survey, from.child("survey"));
  FENQUN_CHECK(read_survey(survey, out.survey));
  FENQUN_TRY(const auto interactions, from.child("interactions"));
  FENQUN_CHECK(read_interactions(interactions, classes.methods, out.interactions));
  FENQUN_TRY(const auto applications, from.child("applications"));
  FENQUN_CHECK(read_applications(applications, out.applications));
  FENQUN_TRY(const auto complaints, from.child("complaints"));
  FENQUN_CHECK(read_complaints(complaints, out.complaints));
  FENQUN_TRY(const auto weather, from.child("weather"));
  FENQUN_CHECK(read_weather(weather, out.weather));
  FENQUN_TRY(const auto attributes, from.child("attributes"));
  FENQUN_TRY(out.attributes.gross_margin_share, share_of(attributes, "gross_margin_share"));
  FENQUN_TRY(out.attributes.net_margin_share, share_of(attributes, "net_margin_share"));
  FENQUN_TRY(out.attributes.margin_log_sd, number_within(attributes, "margin_log_sd", 0, 3));
  FENQUN_TRY(out.attributes.forecast_log_sd, number_within(attributes, "forecast_log_sd", 0, 3));
  return out;
}

Result<Amounts> read_amounts(const Settings& from) {
  FENQUN_CHECK(
      from.allow_only({"month_reading_months", "hour_months", "hour_large_share", "hour_other_share", "quarter_months",
                       "quarter_share", "price_months", "interaction_months", "survey_customers", "form_share"}));
  Amounts out;
  FENQUN_TRY(out.month_reading_months, count_within(from, "month_reading_months", 0, 120));
  FENQUN_TRY(out.hour_months, count_within(from, "hour_months", 0, 120));
  FENQUN_TRY(out.hour_large_share, share_of(from, "hour_large_share"));
  FENQUN_TRY(out.hour_other_share, share_of(from, "hour_other_share"));
  FENQUN_TRY(out.quarter_months, count_within(from, "quarter_months", 0, 120));
  FENQUN_TRY(out.quarter_share, share_of(from, "quarter_share"));
  FENQUN_TRY(out.price_months, count_within(from, "price_months", 0, 120));
  FENQUN_TRY(out.interaction_months, count_within(from, "interaction_months", 0, 120));
  FENQUN_TRY(out.survey_customers, count_within(from, "survey_customers", 0, 9'000'000));
  FENQUN_TRY(out.form_share, share_of(from, "form_share"));
  return out;
}

}  // namespace fenqun::datagen
