// datagen/parameters_classes.cpp - config/datagen/classes.yaml.
#include "datagen/parameter_reading.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fenqun::datagen {
namespace {

Result<void> read_revenue(const Settings& from, Classes& out) {
  FENQUN_TRY(const auto high, from.child("high"));
  FENQUN_TRY(out.high_cny.low, number_within(high, "min_cny", 1, 1e9));
  FENQUN_TRY(out.high_cny.high, number_within(high, "max_cny", out.high_cny.low, 1e9));
  FENQUN_TRY(out.high_alpha, number_within(high, "alpha", 0.1, 10));
  FENQUN_TRY(const auto middle, from.child("middle"));
  FENQUN_TRY(out.middle_median_cny, number_within(middle, "median_cny", 1, 1e9));
  FENQUN_TRY(out.middle_log_sd, number_within(middle, "log_sd", 0, 3));
  FENQUN_TRY(out.middle_cut, number_within(middle, "cut", 0.5, 6));
  FENQUN_TRY(const auto low, from.child("low"));
  FENQUN_TRY(out.low_median_cny, number_within(low, "median_cny", 1, 1e9));
  FENQUN_TRY(out.low_log_sd, number_within(low, "log_sd", 0, 3));
  FENQUN_TRY(out.low_cut, number_within(low, "cut", 0.5, 6));
  return {};
}

Result<void> read_growth(const Settings& from, Classes& out) {
  constexpr std::array<const char*, 4> kNames = {"fast", "ordinary", "stable", "decline"};
  double sum = 0;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    FENQUN_TRY(const auto entry, from.child(kNames[i]));
    FENQUN_CHECK(entry.allow_only({"share", "rate", "rate_sd", "noise"}));
    auto& growth = out.growth[i];
    FENQUN_TRY(growth.share, share_of(entry, "share"));
    FENQUN_TRY(growth.rate, number_within(entry, "rate", -0.9, 5));
    FENQUN_TRY(growth.rate_sd, number_within(entry, "rate_sd", 0, 0.1));
    FENQUN_TRY(growth.noise, range_within(entry, "noise", 0, 1));
    sum += growth.share;
  }
  if (std::abs(sum - 1) > 1e-9) return from.refuse("datagen.shares_not_one", {{"key", "growth"}});
  return {};
}

constexpr std::array<const char*, 3> kArrearsNames = {"low", "medium", "high"};

Result<void> read_arrears(const Settings& from, Classes& out) {
  double sum = 0;
  for (std::size_t i = 0; i < kArrearsNames.size(); ++i) {
    FENQUN_TRY(const auto entry, from.child(kArrearsNames[i]));
    FENQUN_CHECK(entry.allow_only({"share", "days_late"}));
    FENQUN_TRY(out.arrears[i].share, share_of(entry, "share"));
    FENQUN_TRY(out.arrears[i].days_late, range_within(entry, "days_late", 1, 80));
    sum += out.arrears[i].share;
  }
  if (std::abs(sum - 1) > 1e-9) return from.refuse("datagen.shares_not_one", {{"key", "arrears"}});
  return {};
}

Result<void> read_lateness(const Settings& from, Classes& out) {
  FENQUN_TRY(out.low_one_late_share, share_of(from, "low_one_late_share"));
  FENQUN_TRY(out.medium_late_bills, range_within(from, "medium_late_bills", 0, 11));
  FENQUN_TRY(out.medium_one_unpaid_share, share_of(from, "medium_one_unpaid_share"));
  FENQUN_TRY(out.high_troubled_bills, range_within(from, "high_troubled_bills", 0, 12));
  FENQUN_TRY(out.chronic_unpaid_bills, range_within(from, "chronic_unpaid_bills", 0, out.high_troubled_bills.low));
  FENQUN_TRY(out.malicious_unpaid_bills, range_within(from, "malicious_unpaid_bills", 0, out.high_troubled_bills.low));
  FENQUN_TRY(out.malicious_share, share_of(from, "malicious_share_of_high"));
  FENQUN_TRY(const auto parts, from.child("part_payments"));
  FENQUN_CHECK(parts.allow_only({"share", "first_part"}));
  FENQUN_TRY(out.part_payment_share, share_of(parts, "share"));
  FENQUN_TRY(out.first_part, range_within(parts, "first_part", 0.01, 0.99));
  FENQUN_TRY(out.early_share, share_of(from, "early_share"));
  FENQUN_TRY(out.case_late_bills, range_within(from, "case_area_late_bills", 0, 12));
  FENQUN_TRY(out.case_one_late_share, share_of(from, "case_area_one_late_share"));
  FENQUN_TRY(out.issue_day, count_within(from, "issue_day", 1, 22));
  return {};
}

Result<std::size_t> method_of(const Settings& from, const std::string& name, const Classes& out) {
  const auto at = std::find(out.methods.begin(), out.methods.end(), name);
  if (at != out.methods.end()) return static_cast<std::size_t>(at - out.methods.begin());
  return from.refuse(
      "base.setting_wrong",
      {{"key", "payment_methods"}, {"value", name}, {"expected", fmt::format("{}", fmt::join(out.methods, ", "))}});
}

Result<void> read_methods(const Settings& from, Classes& out) {
  FENQUN_TRY(out.methods, from.texts("methods"));
  FENQUN_TRY(const auto map, from.child("payment_methods"));
  for (std::size_t i = 0; i < kArrearsNames.size(); ++i) {
    FENQUN_TRY(const auto weights, weights_of(map, kArrearsNames[i]));
    out.arrears[i].method_weights.assign(out.methods.size(), 0);
    for (const auto& [name, weight] : weights) {
      FENQUN_TRY(const auto method, method_of(map, name, out));
      out.arrears[i].method_weights[method] = weight;
    }
  }
  FENQUN_TRY(const auto new_ways, from.texts("new_ways"));
  out.is_new_way.assign(out.methods.size(), false);
  for (const auto& name : new_ways) {
    FENQUN_TRY(const auto method, method_of(from, name, out));
    out.is_new_way[method] = true;
  }
  FENQUN_TRY(const auto large, from.child("large_customer_methods"));
  FENQUN_TRY(const auto entries, large.entries());
  out.large_customer_method.resize(out.methods.size());
  std::iota(out.large_customer_method.begin(), out.large_customer_method.end(), std::size_t{0});
  for (const auto& [name, value] : entries) {
    FENQUN_TRY(const auto replaced, method_of(large, name, out));
    FENQUN_TRY(const auto replacement, value.text());
    FENQUN_TRY(out.large_customer_method[replaced], method_of(large, replacement, out));
  }
  return {};
}

Result<void> read_service(const Settings& from, Classes& out) {
  FENQUN_CHECK(
      from.allow_only({"inspections", "tickets", "other_income_bookings", "other_income_median_cny",
                       "other_income_log_sd", "reminders_of_good_payers", "hazard_share", "violation_share",
                       "theft_share", "violators", "thieves", "billing_callers", "outage_callers", "caller_tickets"}));
  FENQUN_TRY(out.inspections, array_within<3>(from, "inspections", 0, 12));
  FENQUN_TRY(out.tickets, array_within<3>(from, "tickets", 0, 12));
  FENQUN_TRY(out.income_bookings, array_within<3>(from, "other_income_bookings", 0, 12));
  for (const auto& per_year : {out.inspections, out.income_bookings}) {
    for (const double count : per_year) {
      const bool divides_twelve = count == 0 || (count == std::floor(count) && std::fmod(12, count) == 0);
      if (!divides_twelve) return from.refuse("datagen.not_a_divisor", {{"value", std::to_string(count)}});
    }
  }
  FENQUN_TRY(out.income_median_cny, array_within<3>(from, "other_income_median_cny", 0, 1e9));
  FENQUN_TRY(out.income_log_sd, number_within(from, "other_income_log_sd", 0, 2));
  FENQUN_TRY(out.reminders, range_within(from, "reminders_of_good_payers", 0, 12));
  FENQUN_TRY(out.hazard_share, share_of(from, "hazard_share"));
  FENQUN_TRY(out.violation_share, share_of(from, "violation_share"));
  FENQUN_TRY(out.theft_share, share_of(from, "theft_share"));
  // No more can be found than there are customers to find it at.
  FENQUN_TRY(out.violators, number_within(from, "violators", out.violation_share, 0.5));
  FENQUN_TRY(out.thieves, number_within(from, "thieves", out.theft_share, 0.5));
  FENQUN_TRY(out.billing_callers, number_within(from, "billing_callers", 0, 0.5));
  FENQUN_TRY(out.outage_callers, number_within(from, "outage_callers", 0, 0.5));
  FENQUN_TRY(out.caller_tickets, number_within(from, "caller_tickets", 0, 12));
  return {};
}

Result<void> read_outages(const Settings& from, Classes& out) {
  FENQUN_TRY(const auto entries, from.entries());
  for (const auto& [name, entry] : entries) {
    FENQUN_CHECK(entry.allow_only({"per_feeder", "per_area", "minutes", "log_sd"}));
    OutageKind kind;
    kind.name = name;
    FENQUN_TRY(kind.per_feeder, number_within(entry, "per_feeder", 0, 365));
    FENQUN_TRY(kind.per_area, number_within(entry, "per_area", 0, 365));
    FENQUN_TRY(kind.minutes, number_within(entry, "minutes", 0.1, 10'000));
    FENQUN_TRY(kind.log_sd, number_within(entry, "log_sd", 0, 3));
    out.outages.push_back(std::move(kind));
  }
  return {};
}

}  // namespace

Result<Classes> read_classes(const Settings& from) {
  FENQUN_CHECK(from.allow_only({"revenue",
                                "growth",
                                "arrears",
                                "low_one_late_share",
                                "medium_late_bills",
                                "medium_one_unpaid_share",
                                "high_troubled_bills",
                                "chronic_unpaid_bills",
                                "malicious_unpaid_bills",
                                "malicious_share_of_high",
                                "part_payments",
                                "early_share",
                                "case_area_late_bills",
                                "case_area_one_late_share",
                                "methods",
                                "payment_methods",
                                "new_ways",
                                "large_customer_methods",
                                "issue_day",
                                "service",
                                "ticket_kinds",
                                "ticket_channels",
                                "outages"}));
  Classes out;
  FENQUN_TRY(const auto revenue, from.child("revenue"));
  FENQUN_CHECK(read_revenue(revenue, out));
  FENQUN_TRY(const auto growth, from.child("growth"));
  FENQUN_CHECK(read_growth(growth, out));
  FENQUN_TRY(const auto arrears, from.child("arrears"));
  FENQUN_CHECK(read_arrears(arrears, out));
  FENQUN_CHECK(read_lateness(from, out));
  FENQUN_CHECK(read_methods(from, out));
  FENQUN_TRY(const auto service, from.child("service"));
  FENQUN_CHECK(read_service(service, out));
  FENQUN_TRY(out.ticket_kinds, weights_of(from, "ticket_kinds"));
  FENQUN_TRY(out.ticket_channels, weights_of(from, "ticket_channels"));
  FENQUN_TRY(const auto outages, from.child("outages"));
  FENQUN_CHECK(read_outages(outages, out));
  return out;
}

}  // namespace fenqun::datagen
