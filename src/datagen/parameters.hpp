// datagen/parameters.hpp - everything the generator is told: the files of config/datagen. Level 3.
// Meanings and units stand beside the values in those files.
#pragma once

#include "base/asset.hpp"
#include "base/month.hpp"
#include "base/texts.hpp"
#include "datagen/record_parameters.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::datagen {

struct Range {
  double low = 0;
  double high = 0;
};

enum class Location : std::uint8_t { Urban, Suburban, Rural };
inline constexpr std::array<const char*, 3> kLocationNames = {"urban", "suburban", "rural"};

struct UnitGroup {
  std::vector<std::string> names;
  std::string kind;  // "community" or "village"
  Location location = Location::Urban;
  double weight = 1;
};
struct Township {
  std::string name;
  std::vector<UnitGroup> groups;
};

/// Members of the case area (Z3), in the order of kAreaCaseNames.
enum class AreaCase : std::uint8_t { None, Quality, SeparateDebitAccount, LowBalance, Migrant, Malicious };
inline constexpr std::array<const char*, 6> kAreaCaseNames = {
    "", "quality", "separate_debit_account", "low_balance", "migrant", "malicious"};

struct CaseArea {
  std::int64_t customers = 0;  // at the profile's own number of customers; others in proportion
  std::string unit;
  std::string name;
  double quality_share = 0;
  std::array<double, 4> other_shares{};             // SeparateDebitAccount .. Malicious
  std::array<std::vector<std::string>, 4> methods;  // how each of them pays, in equal shares
};

inline constexpr std::array<const char*, 3> kDiscontentKinds = {"complaint", "opinion", "report"};
struct Discontent {
  std::array<std::int64_t, 3> baseline{};  // per calendar year, in the order of kDiscontentKinds
  std::array<std::int64_t, 3> after{};
  double high_risk_share = 0;
  int quiet_festival_days = 0;
};

struct Profile {
  BilingualText title;
  std::int64_t customers = 0;
  Month end_month;
  int months = 0;
  int reading_months = 0;
  std::int64_t customers_per_file = 0;
  std::string id_prefix;
  std::string bureau;
  std::vector<std::string> stations;  // {n}: running number; the last one names all further stations
  std::int64_t customers_per_station = 0;
  Range area_customers;
  double mean_area_customers = 0;
  std::int64_t areas_per_feeder = 0;
  std::vector<Township> townships;
  std::optional<CaseArea> case_area;
  Discontent discontent;
  std::string region;              // name of the county or city
  std::array<double, 2> centre{};  // longitude and latitude of its middle
  Amounts amounts;
};

struct Kind {
  std::string name;
  double share = 0;  // of all customers; the one with is_rest takes what is left
  bool is_rest = false;
  std::string category;
  std::string user_kind;
  std::string industry;
  std::array<std::size_t, 3> tariff{};  // by revenue class, index into Usage::tariffs
  std::array<double, 3> voltage_kv{};   // by revenue class
  std::uint8_t influence = 3;           // 1..3
  std::array<double, 3> location{};     // by Location
  std::array<double, 3> revenue{};      // share in revenue class 1..3
  std::size_t season = 0;
  std::size_t day = 0;
  std::vector<std::pair<std::size_t, double>> shapes;  // index into Shapes::shapes, share
  bool shape_by_suffix = false;                        // the i-th suffix has the i-th shape
  double load_factor = 0;
  std::vector<std::pair<std::string, double>> importance;
  bool is_key_attention = false;
  bool is_county_organisation = false;
  double constant_share = 0;
  std::vector<std::string> suffixes;  // of its name; none: a person's name
};

struct Tiers {
  std::array<bool, 12> is_summer{};  // by month of the year, January first
  // Where the second and the third tier begin, in thousandths of a kWh of one calendar month.
  std::array<std::int64_t, 2> summer_milli_kwh{}, other_milli_kwh{};
  std::array<std::int64_t, 2> added_micro_cny{};  // per kWh of the second and the third tier, on top of the price
};
struct Tariff {
  std::string name;
  std::array<std::int64_t, 3> price_micro_cny{};  // per kWh: peak, flat, valley
  std::int64_t capacity_fen_per_kva = 0;          // per month
  double min_kva = 0;                             // smaller customers are on the tariff below_min
  std::size_t below_min = 0;                      // index into Usage::tariffs
  std::optional<Tiers> tiers;
};
struct Season {
  std::string name;
  std::array<double, 12> months{};
  double festival = 0;
};
struct DayPattern {
  std::string name;
  double weekend = 1;
  double holiday = 1;
  double log_sd = 0;
};
struct Usage {
  std::vector<Tariff> tariffs;
  std::vector<Season> seasons;
  std::vector<DayPattern> days;
  std::size_t migrant_season = 0;
  double weather_log_sd = 0;
  int festival_before = 0;
  int festival_after = 0;
  double vacant_share = 0;
  Range vacant_cny;
  double migrant_share = 0;
  double constant_share = 0;
  double opened_share = 0;
  double closed_share = 0;
};

/// How a day's energy falls on its hours; proportions, any sum.
using Hours = std::array<double, 24>;
enum class Band : std::uint8_t { Peak, Flat, Valley };
struct Shape {
  std::string name;
  Hours work{}, rest{};      // a working day, a day off
  Hours summer{}, winter{};  // factors in those months
};
struct Shapes {
  std::array<Band, 24> bands{};
  double hour_jitter = 0;
  std::array<bool, 12> is_summer{}, is_winter{};  // by month of the year, January first
  std::vector<Shape> shapes;
};

struct GrowthClass {
  double share = 0;
  double rate = 0;
  double rate_sd = 0;
  Range noise;
};
struct ArrearsClass {
  double share = 0;
  Range days_late;
  std::vector<double> method_weights;  // by Classes::methods
};
struct OutageKind {
  std::string name;
  double per_feeder = 0;
  double per_area = 0;
  double minutes = 0;
  double log_sd = 0;
};
struct Classes {
  Range high_cny;
  double high_alpha = 0;
  double middle_median_cny = 0, middle_log_sd = 0, middle_cut = 0;
  double low_median_cny = 0, low_log_sd = 0, low_cut = 0;
  std::array<GrowthClass, 4> growth;
  std::array<ArrearsClass, 3> arrears;  // low, medium, high
  double low_one_late_share = 0;
  Range medium_late_bills;
  double medium_one_unpaid_share = 0;
  Range high_troubled_bills, chronic_unpaid_bills, malicious_unpaid_bills;
  double part_payment_share = 0;
  Range first_part;
  double malicious_share = 0;
  double early_share = 0;
  Range case_late_bills;
  double case_one_late_share = 0;
  std::vector<std::string> methods;                // every way of paying
  std::vector<bool> is_new_way;                    // by methods
  std::vector<std::size_t> large_customer_method;  // by methods: what revenue class 1 uses instead
  int issue_day = 22;
  std::array<double, 3> inspections{}, tickets{}, income_bookings{}, income_median_cny{};  // by revenue class
  double income_log_sd = 0;
  Range reminders;
  double hazard_share = 0, violation_share = 0, theft_share = 0;  // of inspections
  double violators = 0, thieves = 0;  // of customers: findings of these kinds are theirs alone
  double billing_callers = 0, outage_callers = 0, caller_tickets = 0;  // shares of customers; tickets a year
  std::vector<std::pair<std::string, double>> ticket_kinds, ticket_channels;
  std::vector<OutageKind> outages;
};

struct Names {
  std::vector<std::string> surnames, given, firm_words, streets;
  std::string phone_prefix, staff_phone_prefix;
};

struct HolidayYear {
  int year = 0;
  std::int32_t spring_festival = 0;                         // days since 1970-01-01
  std::vector<std::pair<std::int32_t, std::int32_t>> rest;  // first and last day
  std::vector<std::int32_t> work;
};

/// All of it. Immutable after create: safe from several threads.
struct Parameters {
  std::string profile_name;
  Profile profile;
  std::vector<Kind> kinds;
  Usage usage;
  Shapes shapes;
  People people;
  Records records;
  Classes classes;
  Names names;
  std::vector<HolidayYear> holidays;  // by year
  std::string fingerprint;            // of the files' bytes

  /// Errors: NotFound (no such profile: names those there are), BadData (content: names file, line and key).
  static Result<Parameters> create(const AssetStore& assets, const std::string& profile);

  [[nodiscard]] std::size_t method_index(std::string_view name) const;  // classes.methods.size() when unknown
  [[nodiscard]] std::size_t rest_kind() const;
};

}  // namespace fenqun::datagen
