// datagen/people.hpp - who lives in a home, what a customer wants, what credit it is given. Level 3.
#pragma once

#include "datagen/customer.hpp"
#include "datagen/territory.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace fenqun::datagen {

/// The people of one home, as config/datagen/people.yaml says they hang together with the planted classes. Texts
/// belong to the parameters.
struct Person {
  int age = 0;
  std::int32_t born_day = 0;  // days since 1970
  bool is_male = false;
  const std::string* occupation = nullptr;
  const std::string* family = nullptr;  // code of customer.family_situation
  bool is_elderly = false, is_blind = false, is_disabled = false, has_life_support = false;
  bool is_low_income = false, is_subsidised = false, is_owner = false, is_green = false, has_photovoltaic = false;
  const std::string* heating = nullptr;
};

/// What visitors write down in one home.
struct HouseholdFacts {
  int persons = 0, elderly = 0, children = 0, migrants = 0;
  std::array<int, 7> appliances{};  // by kAppliances
  double appliance_kw = 0;
  double income_cny = 0;
  const std::string* economic_status = nullptr;
  const std::string* attitude = nullptr;
  bool has_petition_risk = false, accepts_new_payment = false, has_hazard = false;
};

/// Every answer depends on (seed, customer number) alone. Immutable: safe from several threads.
class PeopleModel {
 public:
  PeopleModel(const Parameters& parameters, const Territory& territory, std::int32_t today, std::uint64_t seed)
      : parameters_(parameters), territory_(territory), today_(today), seed_(seed) {}

  /// Of a home; a firm has no such person.
  [[nodiscard]] Person person(std::uint32_t number, const Customer& customer) const;
  [[nodiscard]] HouseholdFacts household(std::uint32_t number, const Customer& customer, const Person& person) const;
  /// Code of customer.need_type.
  [[nodiscard]] const std::string& need(std::uint32_t number, const Customer& customer) const;
  /// Score 0..1000 and the grade it stands for: 0 excellent .. 3 poor.
  struct Credit {
    int grade = 0;
    double score = 0;
  };
  [[nodiscard]] Credit credit(std::uint32_t number, const Customer& customer) const;

 private:
  [[nodiscard]] std::size_t location_of(const Customer& customer) const {
    return static_cast<std::size_t>(territory_.areas[customer.area].location);
  }

  const Parameters& parameters_;
  const Territory& territory_;
  std::int32_t today_;
  std::uint64_t seed_;
};

}  // namespace fenqun::datagen
