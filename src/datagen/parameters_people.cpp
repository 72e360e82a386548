// datagen/parameters_people.cpp - config/datagen/people.yaml.
#include "datagen/parameter_reading.hpp"

namespace fenqun::datagen {
namespace {

constexpr std::array<const char*, 4> kGrades = {"A", "B", "C", "D"};

Result<std::array<Weights, 3>> weights_by_location(const Settings& from, std::string_view key) {
  FENQUN_TRY(const auto map, from.child(key));
  FENQUN_CHECK(map.allow_only({"urban", "suburban", "rural"}));
  std::array<Weights, 3> out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    FENQUN_TRY(out[i], weights_of(map, kLocationNames[i]));
  }
  return out;
}

Result<ByGrade> numbers_by_grade(const Settings& from, std::string_view key, double high) {
  FENQUN_TRY(const auto map, from.child(key));
  FENQUN_CHECK(map.allow_only({"A", "B", "C", "D"}));
  ByGrade out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    FENQUN_TRY(out[i], number_within(map, kGrades[i], 0, high));
  }
  return out;
}

Result<void> read_age_and_work(const Settings& from, People& out) {
  FENQUN_TRY(const auto age, from.child("age"));
  FENQUN_CHECK(age.allow_only({"median", "sd", "least", "most", "rural_older_by"}));
  FENQUN_TRY(out.age_median, number_within(age, "median", 0, 130));
  FENQUN_TRY(out.age_sd, number_within(age, "sd", 0, 50));
  FENQUN_TRY(out.age_least, number_within(age, "least", 0, 130));
  FENQUN_TRY(out.age_most, number_within(age, "most", out.age_least, 130));
  FENQUN_TRY(out.rural_older_by, number_within(age, "rural_older_by", 0, 50));
  FENQUN_TRY(out.elderly_from, count_within(from, "elderly_from", 0, 130));
  FENQUN_TRY(out.retired_from, count_within(from, "retired_from", 0, 130));
  FENQUN_TRY(out.occupations, weights_by_location(from, "occupations"));
  FENQUN_TRY(out.occupation_of_migrants, from.text("occupation_of_migrants"));
  FENQUN_TRY(const auto retired, from.child("retired"));
  for (std::size_t i = 0; i < out.retired.size(); ++i) {
    FENQUN_TRY(out.retired[i], retired.text(kLocationNames[i]));
  }
  return {};
}

Result<void> read_home(const Settings& from, People& out) {
  FENQUN_TRY(out.family, weights_of(from, "family"));
  FENQUN_TRY(out.family_of_migrants, from.text("family_of_migrants"));
  FENQUN_TRY(out.blind_share, share_of(from, "blind_share"));
  FENQUN_TRY(out.disabled_share, share_of(from, "disabled_share"));
  FENQUN_TRY(out.life_support_share, share_of(from, "life_support_share"));
  FENQUN_TRY(const auto low, from.child("low_income"));
  for (std::size_t i = 0; i < out.low_income.size(); ++i) {
    FENQUN_TRY(out.low_income[i], share_of(low, kLocationNames[i]));
  }
  FENQUN_TRY(out.low_income_arrears_factor, number_within(low, "arrears_factor", 0, 100));
  FENQUN_TRY(out.low_income_vacant_factor, number_within(low, "vacant_factor", 0, 100));
  FENQUN_TRY(out.subsidy_share, share_of(from, "subsidy_share_of_low_income"));
  FENQUN_TRY(out.owner, by_location(from, "owner", 1));
  FENQUN_TRY(out.green_energy_share, share_of(from, "green_energy_share"));
  FENQUN_TRY(out.photovoltaic_share, by_location(from, "photovoltaic_share", 1));
  FENQUN_TRY(out.heating, weights_by_location(from, "heating"));
  return {};
}

Result<void> read_attitudes(const Settings& from, People& out) {
  FENQUN_TRY(const auto need, from.child("need"));
  FENQUN_TRY(out.need_large, weights_of(need, "large"));
  FENQUN_TRY(out.need_sensitive, weights_of(need, "sensitive"));
  FENQUN_TRY(out.need_other, weights_of(need, "other"));
  FENQUN_TRY(const auto credit, from.child("credit"));
  FENQUN_TRY(out.credit_off_by_one_share, share_of(credit, "off_by_one_share"));
  FENQUN_TRY(out.credit_score, numbers_by_grade(credit, "score", 1000));
  FENQUN_TRY(out.credit_score_sd, number_within(credit, "score_sd", 0, 300));
  FENQUN_TRY(out.contact_consent_share, share_of(from, "contact_consent_share"));
  FENQUN_TRY(out.verified_share, share_of(from, "verified_share"));
  FENQUN_TRY(out.verified_sources, weights_of(from, "verified_sources"));
  return {};
}

Result<Households> read_household(const Settings& from) {
  Households out;
  FENQUN_TRY(const auto persons, from.child("persons"));
  for (std::size_t i = 0; i < out.persons.size(); ++i) {
    FENQUN_TRY(out.persons[i], array_within<2>(persons, kFamilyKinds[i], 1, 100));
  }
  constexpr std::array<const char*, 6> kNumbers = {"air_conditioners", "water_heaters",    "refrigerators",
                                                   "washing_machines", "electric_heating", "cookers"};
  for (std::size_t i = 0; i < kNumbers.size(); ++i) {
    FENQUN_TRY(out.appliances[i], by_location(from, kNumbers[i], 100));
  }
  FENQUN_TRY(const auto power, from.child("power_kw"));
  for (std::size_t i = 0; i < out.power_kw.size(); ++i) {
    FENQUN_TRY(out.power_kw[i], number_within(power, kAppliances[i], 0, 1000));
  }
  FENQUN_TRY(out.income_median_cny, by_location(from, "income_median_cny", 1e9));
  FENQUN_TRY(out.income_log_sd, number_within(from, "income_log_sd", 0, 3));
  FENQUN_TRY(out.economic_status, weights_of(from, "economic_status"));
  FENQUN_TRY(const auto attitude, from.child("attitude"));
  for (std::size_t i = 0; i < kGrades.size(); ++i) {
    FENQUN_TRY(out.attitude[i], weights_of(attitude, kGrades[i]));
  }
  FENQUN_TRY(out.petition_risk, numbers_by_grade(from, "petition_risk", 1));
  FENQUN_TRY(const auto accepts, from.child("accepts_new_payment"));
  FENQUN_TRY(out.accepts_new_way, share_of(accepts, "new_way"));
  FENQUN_TRY(out.accepts_other, share_of(accepts, "other"));
  return out;
}

}  // namespace

Result<ByLocation> by_location(const Settings& from, std::string_view key, double high) {
  FENQUN_TRY(const auto map, from.child(key));
  FENQUN_CHECK(map.allow_only({"urban", "suburban", "rural"}));
  ByLocation out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    FENQUN_TRY(out[i], number_within(map, kLocationNames[i], 0, high));
  }
  return out;
}

Result<ByGrade> by_grade(const Settings& from, std::string_view key, double high) {
  return numbers_by_grade(from, key, high);
}

Result<People> read_people(const Settings& from) {
  FENQUN_CHECK(from.allow_only({"age",
                                "elderly_from",
                                "retired_from",
                                "occupations",
                                "occupation_of_migrants",
                                "retired",
                                "family",
                                "family_of_migrants",
                                "blind_share",
                                "disabled_share",
                                "life_support_share",
                                "low_income",
                                "subsidy_share_of_low_income",
                                "owner",
                                "green_energy_share",
                                "photovoltaic_share",
                                "heating",
                                "need",
                                "credit",
                                "contact_consent_share",
                                "verified_share",
                                "verified_sources",
                                "household"}));
  People out;
  FENQUN_CHECK(read_age_and_work(from, out));
  FENQUN_CHECK(read_home(from, out));
  FENQUN_CHECK(read_attitudes(from, out));
  FENQUN_TRY(const auto household, from.child("household"));
  FENQUN_TRY(out.household, read_household(household));
  return out;
}

}  // namespace fenqun::datagen
