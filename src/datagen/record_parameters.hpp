// datagen/record_parameters.hpp - config/datagen/records.yaml. Meanings stand beside the values in that file. Level 3.
#pragma once

#include "datagen/people_parameters.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::datagen {

struct StaffNumbers {
  double area_manager = 0, meter_reader = 0, collector = 0, inspector = 0, counter_clerk = 0,
         repairer = 0;  // customers
  int account_managers_per_station = 0, agents = 0, supervisors = 0, managers_per_station = 0;
  double left_share = 0;
  Weights skill_levels;
};

struct GridNumbers {
  int feeders_per_substation = 0;
  double substation_kva = 0;
  ByLocation transferable_share{}, cable_share{};
  double kva_per_customer = 0, degrees_per_km = 0, span_km = 0;
};

struct EquipmentNumbers {
  double photovoltaic_share_of_firms = 0, ev_share_of_homes = 0, ev_share_of_others = 0;
  double meets_standard_share = 0, prepaid_meter_share = 0;
  std::vector<std::string> manufacturers;
};

inline constexpr std::array<const char*, 5> kContractKinds = {"high_voltage", "low_voltage", "residential",
                                                              "generation", "reselling"};
struct ContractNumbers {
  std::array<std::array<double, 2>, 5> years{};  // by kContractKinds: from, to
  double expired_share = 0, traded_large = 0, traded_commercial = 0, preferential_share = 0;
  std::vector<std::string> suppliers;
};

struct AccountNumbers {
  std::vector<std::string> banks;
  double second_large = 0, second_other = 0, consolidated_share = 0;
};

struct ReadingNumbers {
  double estimated_share = 0, manual_share = 0;
  double factor_home = 1, factor_commerce = 1, factor_industry = 1, factor_other = 1;  // power factors
};

struct SurveyNumbers {
  int month = 11;
  std::string id, question;
  std::array<double, 3> results{};               // satisfied, neutral, dissatisfied
  std::array<std::array<double, 2>, 3> score{};  // of each: from, to
  Weights channels;
  std::vector<std::pair<std::string, std::string>> further;  // dimension, question
  std::vector<std::string> remarks;
};

struct InteractionNumbers {
  std::vector<bool> is_own_channel;  // by Classes::methods
  std::vector<double> enquiries;     // by Classes::methods, per month
  ByGrade visits{};
  double failed_share = 0, satisfaction_share = 0;
};

inline constexpr std::array<const char*, 8> kApplicationKinds = {
    "new_connection", "capacity_increase", "capacity_decrease",  "transfer",
    "tariff_change",  "ev_charging",       "distributed_energy", "closing"};
struct ApplicationNumbers {
  std::array<double, 4> increase{}, decrease{};                                     // by planted growth, per year
  double transfer = 0, tariff_change = 0, ev_charging = 0, distributed_energy = 0;  // per year
  std::array<std::array<double, 2>, 8> days{};                                      // by kApplicationKinds: from, to
  Weights channels;
};

struct ComplaintText {
  std::string topic, category, theme, attribute, effect, cause, text;
};
struct ComplaintNumbers {
  std::vector<ComplaintText> texts;
  double justified_share = 0;
  std::array<double, 2> repeat{}, malicious{}, escalated{};  // of the high arrears class, of others
  Weights severities;
  std::array<double, 2> compensation_cny{};
};

struct WeatherNumbers {
  std::array<double, 12> mean_c{}, rain_share{};
  double daily_sd_c = 0, persistence = 0, rain_mm = 0;
  std::array<double, 2> day_span_c{};
};

struct AttributeNumbers {
  double gross_margin_share = 0, net_margin_share = 0, margin_log_sd = 0, forecast_log_sd = 0;
};

struct Records {
  StaffNumbers staff;
  GridNumbers grid;
  EquipmentNumbers equipment;
  ContractNumbers contracts;
  AccountNumbers accounts;
  ReadingNumbers readings;
  SurveyNumbers survey;
  InteractionNumbers interactions;
  ApplicationNumbers applications;
  ComplaintNumbers complaints;
  WeatherNumbers weather;
  AttributeNumbers attributes;
};

/// How much of the bulkier entities a profile makes.
struct Amounts {
  int month_reading_months = 0;  // the last ones
  int hour_months = 0;           // at most the months with daily readings
  double hour_large_share = 0;   // of customers of the high revenue class
  double hour_other_share = 0;
  int quarter_months = 0;
  double quarter_share = 0;  // of customers on the large-industry tariff or of the high revenue class
  int price_months = 0;
  int interaction_months = 0;
  std::int64_t survey_customers = 0;  // at the profile's own number of customers; others in proportion
  double form_share = 0;              // of homes, visited within the last twelve months; the case area's whole
};

}  // namespace fenqun::datagen
