// datagen/people_parameters.hpp - config/datagen/people.yaml. Meanings stand beside the values in that file. Level 3.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::datagen {

/// Names with their shares, in the order of the file.
using Weights = std::vector<std::pair<std::string, double>>;
using ByLocation = std::array<double, 3>;  // urban, suburban, rural
using ByGrade = std::array<double, 4>;     // A, B, C, D

inline constexpr std::array<const char*, 6> kFamilyKinds = {"single",   "couple",      "with_children",
                                                            "extended", "left_behind", "other"};
inline constexpr std::array<const char*, 7> kAppliances = {
    "air_conditioner", "water_heater", "refrigerator", "washing_machine", "electric_heating", "cooker", "ev"};

struct Households {
  std::array<std::array<double, 2>, 6> persons{};  // by kFamilyKinds: from, to
  std::array<ByLocation, 6> appliances{};          // mean number, by kAppliances without the car
  std::array<double, 7> power_kw{};                // by kAppliances
  ByLocation income_median_cny{};
  double income_log_sd = 0;
  Weights economic_status;
  std::array<Weights, 4> attitude;  // by grade
  ByGrade petition_risk{};
  double accepts_new_way = 0, accepts_other = 0;
};

struct People {
  double age_median = 0, age_sd = 0, age_least = 0, age_most = 0, rural_older_by = 0;
  int elderly_from = 0, retired_from = 0;
  std::array<Weights, 3> occupations;  // by location
  std::string occupation_of_migrants;
  std::array<std::string, 3> retired;
  Weights family;
  std::string family_of_migrants;
  double blind_share = 0, disabled_share = 0, life_support_share = 0;
  ByLocation low_income{};
  double low_income_arrears_factor = 1, low_income_vacant_factor = 1;
  double subsidy_share = 0;
  ByLocation owner{};
  double green_energy_share = 0;
  ByLocation photovoltaic_share{};
  std::array<Weights, 3> heating;
  Weights need_large, need_sensitive, need_other;
  double credit_off_by_one_share = 0, credit_score_sd = 0;
  ByGrade credit_score{};
  double contact_consent_share = 0, verified_share = 0;
  Weights verified_sources;
  Households household;
};

}  // namespace fenqun::datagen
