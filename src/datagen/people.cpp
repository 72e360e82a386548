// datagen/people.cpp
#include "datagen/people.hpp"

#include "datagen/streams.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::datagen {
namespace {

constexpr double kDaysPerYear = 365.2425;

/// Poisson number by Knuth's product of uniforms (TAOCP 2, 3.4.1), for small means.
int poisson(Random& random, double mean) {
  const double limit = std::exp(-mean);
  int count = 0;
  double product = random.uniform();
  while (product > limit) {
    product *= random.uniform();
    ++count;
  }
  return count;
}

std::size_t grade_index(const Customer& customer) { return static_cast<std::size_t>(grade_of(customer) - 'A'); }

}  // namespace

Person PeopleModel::person(std::uint32_t number, const Customer& customer) const {
  const auto& people = parameters_.people;
  const auto location = location_of(customer);
  auto random = random_for(seed_, Purpose::Person, number);
  Person out;
  const double older = location == static_cast<std::size_t>(Location::Rural) ? people.rural_older_by : 0;
  out.age = static_cast<int>(
      std::clamp(people.age_median + older + people.age_sd * random.normal(), people.age_least, people.age_most));
  out.born_day = today_ - static_cast<std::int32_t>((out.age + random.uniform()) * kDaysPerYear);
  out.is_male = random.chance(0.52);
  const auto& occupation = pick_weighted(random, people.occupations[location]);
  const auto& family = pick_weighted(random, people.family);
  out.occupation = customer.is_migrant              ? &people.occupation_of_migrants
                   : out.age >= people.retired_from ? &people.retired[location]
                                                    : &occupation;
  out.family = customer.is_migrant ? &people.family_of_migrants : &family;
  out.is_elderly = out.age >= people.elderly_from;
  out.is_blind = random.chance(people.blind_share);
  out.is_disabled = random.chance(people.disabled_share);
  out.has_life_support = random.chance(people.life_support_share);
  double low_income = people.low_income[location];
  if (customer.arrears == 2) low_income *= people.low_income_arrears_factor;
  if (customer.is_vacant) low_income *= people.low_income_vacant_factor;
  out.is_low_income = random.chance(low_income);
  out.is_subsidised = random.chance(people.subsidy_share) && out.is_low_income;
  out.is_owner = random.chance(people.owner[location]);
  out.has_photovoltaic = random.chance(people.photovoltaic_share[location]) && out.is_owner;
  out.is_green = random.chance(people.green_energy_share) || out.has_photovoltaic;
  out.heating = &pick_weighted(random, people.heating[location]);
  return out;
}

HouseholdFacts PeopleModel::household(std::uint32_t number, const Customer& customer, const Person& person) const {
  const auto& facts = parameters_.people.household;
  const auto location = location_of(customer);
  const auto grade = grade_index(customer);
  auto random = random_for(seed_, Purpose::Form, number, 1);
  HouseholdFacts out;
  const auto* const kind = std::find(kFamilyKinds.begin(), kFamilyKinds.end(), *person.family);
  const auto& range =
      facts.persons[static_cast<std::size_t>(std::min(kind, kFamilyKinds.end() - 1) - kFamilyKinds.begin())];
  out.persons =
      static_cast<int>(whole_between(random, static_cast<std::int64_t>(range[0]), static_cast<std::int64_t>(range[1])));
  out.elderly = person.is_elderly ? std::min(out.persons, 1 + static_cast<int>(random.below(2))) : 0;
  out.migrants = customer.is_migrant ? 1 + static_cast<int>(random.below(2)) : 0;
  const int left = std::max(0, out.persons - out.elderly - 1);
  const bool has_children = *person.family == "with_children" || *person.family == "extended" || customer.is_migrant;
  out.children = has_children ? std::min(left, 1 + static_cast<int>(random.below(2))) : 0;
  for (std::size_t i = 0; i < facts.appliances.size(); ++i) {
    out.appliances[i] = customer.is_vacant ? 0 : poisson(random, facts.appliances[i][location]);
  }
  out.appliances.back() = random.chance(parameters_.records.equipment.ev_share_of_homes) ? 1 : 0;
  for (std::size_t i = 0; i < out.appliances.size(); ++i) out.appliance_kw += facts.power_kw[i] * out.appliances[i];
  out.income_cny = random.lognormal(std::log(facts.income_median_cny[location]), facts.income_log_sd);
  if (person.is_low_income) out.income_cny *= 0.35;
  const auto& status = pick_weighted(random, facts.economic_status);
  static const std::string kDifficult = "difficult";
  out.economic_status = person.is_low_income ? &kDifficult : &status;
  out.attitude = &pick_weighted(random, facts.attitude[grade]);
  out.has_petition_risk = random.chance(facts.petition_risk[grade]);
  const bool is_new_way = parameters_.classes.is_new_way[customer.method];
  out.accepts_new_payment = random.chance(is_new_way ? facts.accepts_new_way : facts.accepts_other);
  out.has_hazard = random.chance(parameters_.classes.hazard_share);
  return out;
}

const std::string& PeopleModel::need(std::uint32_t number, const Customer& customer) const {
  const auto& people = parameters_.people;
  auto random = random_for(seed_, Purpose::Person, number, 1);
  const auto& kind = parameters_.kinds[customer.kind];
  const bool is_sensitive = kind.influence == 1 || customer.importance != 0;
  return pick_weighted(random, is_sensitive            ? people.need_sensitive
                               : customer.revenue == 1 ? people.need_large
                                                       : people.need_other);
}

PeopleModel::Credit PeopleModel::credit(std::uint32_t number, const Customer& customer) const {
  const auto& people = parameters_.people;
  auto random = random_for(seed_, Purpose::Person, number, 2);
  auto grade = static_cast<int>(grade_index(customer));
  const bool is_off = random.chance(people.credit_off_by_one_share);
  const bool is_up = random.chance(0.5);
  if (is_off) grade = is_up ? std::max(0, grade - 1) : std::min(3, grade + 1);
  const double mean = people.credit_score[static_cast<std::size_t>(grade)];
  return {grade, std::clamp(mean + people.credit_score_sd * random.normal(), 0.0, 1000.0)};
}

}  // namespace fenqun::datagen
