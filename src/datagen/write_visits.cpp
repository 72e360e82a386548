// datagen/write_visits.cpp - applications for connection and change, and what visitors write down at the door.
#include "datagen/entity_writers.hpp"
#include "datagen/named_row.hpp"
#include "datagen/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fenqun::datagen {
namespace {

class ApplicationRows {
 public:
  ApplicationRows(const World& world, TableFile& table) : world_(world), row_(table) {}

  Result<void> add_all(std::uint32_t number) {
    number_ = number;
    place_ = 0;
    const auto& customer = world_.customers[number];
    const auto first = world_.timeline.first_day(), last = world_.timeline.last_day();
    auto random = random_for(world_.seed, Purpose::Application, number);
    if (customer.opened_day >= first) {
      FENQUN_CHECK(add("new_connection", customer.opened_day - days_for(random, 0), customer.opened_day, random));
    }
    for (int year = world_.timeline.first.year(); year <= world_.timeline.end.year(); ++year) {
      FENQUN_CHECK(add_changes(customer, year));
    }
    if (customer.closed_day == kNeverClosed) return {};
    const auto applied = std::max(customer.opened_day + 1, customer.closed_day - days_for(random, 7));
    return applied > last ? Result<void>() : add("closing", applied, customer.closed_day, random);
  }

 private:
  std::int32_t days_for(Random& random, std::size_t kind) const {
    const auto& days = world_.parameters.records.applications.days[kind];
    return static_cast<std::int32_t>(
        whole_between(random, static_cast<std::int64_t>(days[0]), static_cast<std::int64_t>(days[1])));
  }

  Result<void> add_changes(const Customer& customer, int year) {
    const auto& numbers = world_.parameters.records.applications;
    auto random = random_for(world_.seed, Purpose::Application, number_, static_cast<std::uint64_t>(year));
    const std::size_t growth = customer.growth - 1U;
    const bool is_home = world_.is_home(customer);
    const std::array<double, 8> rates = {0,
                                         is_home ? 0 : numbers.increase[growth],
                                         is_home ? 0 : numbers.decrease[growth],
                                         numbers.transfer,
                                         is_home ? 0 : numbers.tariff_change,
                                         numbers.ev_charging,
                                         numbers.distributed_energy,
                                         0};
    for (std::size_t kind = 0; kind < rates.size(); ++kind) {
      const bool is_wanted = random.chance(rates[kind]);
      const auto applied = Month(year, 1).first_day() + static_cast<std::int32_t>(random.below(365));
      if (!is_wanted || applied < world_.timeline.first_day() || applied > world_.timeline.last_day()) continue;
      if (applied <= customer.opened_day || applied + 90 > customer.closed_day) continue;
      FENQUN_CHECK(add(kApplicationKinds[kind], applied, applied + days_for(random, kind), random));
    }
    return {};
  }

  Result<void> add(const char* kind, std::int32_t applied, std::int32_t completed, Random& random) {
    const auto& customer = world_.customers[number_];
    const auto& numbers = world_.parameters.records.applications;
    const auto& channel = pick_weighted(random, numbers.channels);
    const std::string_view name = kind;
    const auto kva = static_cast<double>(customer.capacity_kva);
    const bool changes_capacity =
        name == "new_connection" || name == "capacity_increase" || name == "capacity_decrease";
    const double asked = name == "capacity_increase" ? kva * 0.5 : name == "capacity_decrease" ? kva * 0.3 : kva;
    const bool is_done = completed <= world_.timeline.last_day();
    const bool is_cancelled = random.chance(0.015) && name != "new_connection" && name != "closing";
    const auto id = world_.customer_id(number_);
    ++place_;
    row_.text("application_id", fmt::format("YK{}{:02}", id, place_))
        .text("customer_id", id)
        .text("kind", kind)
        .timestamp("applied_at", applied * kDaySeconds + whole_between(random, 9 * kHourSeconds, 17 * kHourSeconds))
        .text("channel", channel)
        .decimal("capacity_kva", changes_capacity ? std::optional(asked) : std::nullopt, 2)
        .text("status", is_cancelled ? "cancelled"
                        : is_done    ? "completed"
                                     : "under_construction")
        .date("promised_on", applied + (completed - applied) + static_cast<std::int32_t>(whole_between(random, -2, 5)))
        .date("completed_on", is_done && !is_cancelled ? std::optional(completed) : std::nullopt)
        .boolean("is_arrears_cleared",
                 name == "closing" || name == "transfer" ? std::optional(customer.arrears != 1) : std::nullopt)
        .text("org_unit_id", world_.territory.units[world_.area_of(customer).station].id)
        .text("staff_id", world_.staff.somebody("counter", customer.area, number_).id)
        .text("contact_name", world_.is_home(customer) ? world_.customer_name(number_) : world_.person_name(number_, 1))
        .text("contact_phone", world_.phone(number_));
    return row_.end();
  }

  const World& world_;
  NamedRow row_;
  std::uint32_t number_ = 0;
  int place_ = 0;
};

const char* debit_problem(const Customer& customer, const std::string& method) {
  if (customer.area_case == AreaCase::SeparateDebitAccount) return "separate_book";
  if (customer.area_case == AreaCase::LowBalance) return "low_balance";
  if (customer.is_migrant) return "away";
  if (customer.habit == Habit::Malicious) return "malicious";
  if (customer.arrears == 3) return "none";
  return method == "bank_debit" ? "separate_book" : "low_balance";
}

class FormRows {
 public:
  FormRows(const World& world, TableFile& table) : world_(world), row_(table) {}

  Result<void> add(std::uint32_t number) {
    const auto& customer = world_.customers[number];
    const auto person = world_.people.person(number, customer);
    const auto facts = world_.people.household(number, customer, person);
    auto random = random_for(world_.seed, Purpose::Form, number, 2);
    const auto last = world_.timeline.last_day();
    const auto first = std::max({world_.timeline.first_day(), last - 364, customer.opened_day});
    const auto day = static_cast<std::int32_t>(whole_between(random, first, last));
    set_visit(number, customer, day);
    set_people(number, customer, person, facts);
    set_power(customer, facts);
    set_talk(customer, facts, random);
    return row_.end();
  }

 private:
  void set_visit(std::uint32_t number, const Customer& customer, std::int32_t day) {
    const char grade = grade_of(customer);
    row_.text("form_id", "XF" + world_.customer_id(number))
        .text("customer_id", world_.customer_id(number))
        .date("visited_on", day)
        .text("staff_id", world_.staff.area_manager(customer.area).id)
        .text("second_staff_id", world_.staff.somebody("collector", customer.area, number).id)
        .text("grade", {&grade, 1})
        .text("phone", world_.phone(number));
  }

  void set_people(std::uint32_t number, const Customer& customer, const Person& person, const HouseholdFacts& facts) {
    const auto migrant_phone = fmt::format("{}{:08}", world_.parameters.names.staff_phone_prefix,
                                           50'000'000 + (number * std::uint64_t{8} + 6) % 50'000'000);
    row_.text_if("migrant_phone", customer.is_migrant ? migrant_phone : std::string())
        .integer("person_count", facts.persons)
        .integer("elderly_count", facts.elderly)
        .integer("child_count", facts.children)
        .integer("migrant_count", facts.migrants)
        .boolean("is_left_behind", customer.is_migrant)
        .boolean("has_disabled_person", person.is_disabled || person.is_blind)
        .text_if("social_relations", customer.is_migrant ? "子女在外务工" : "")
        .text("economic_status", *facts.economic_status)
        .text("income_source", *person.occupation)
        .decimal("annual_income_cny", facts.income_cny, 2);
  }

  void set_power(const Customer& customer, const HouseholdFacts& facts) {
    constexpr std::array<const char*, 4> kReputations = {"excellent", "good", "fair", "poor"};
    const auto& method = world_.parameters.classes.methods[customer.method];
    row_.integer("air_conditioner_count", facts.appliances[0])
        .integer("water_heater_count", facts.appliances[1])
        .integer("refrigerator_count", facts.appliances[2])
        .integer("washing_machine_count", facts.appliances[3])
        .integer("electric_heating_count", facts.appliances[4])
        .integer("cooker_count", facts.appliances[5])
        .integer("ev_count", facts.appliances[6])
        .decimal("appliance_power_kw", facts.appliance_kw, 3)
        .text("payment_method", method)
        .text("payment_reputation", kReputations[static_cast<std::size_t>(grade_of(customer) - 'A')])
        .text("debit_problem", debit_problem(customer, method));
  }

  void set_talk(const Customer& customer, const HouseholdFacts& facts, Random& random) {
    const auto& remarks = world_.parameters.records.survey.remarks;
    const auto& remark = remarks[random.below(remarks.size())];
    const bool is_active = *facts.attitude == "active";
    row_.text("attitude", *facts.attitude)
        .boolean("has_influence", random.chance(0.03))
        .boolean("joins_campaigns", is_active && random.chance(0.3))
        .boolean("has_petition_risk", facts.has_petition_risk)
        .boolean("accepts_new_payment", facts.accepts_new_payment)
        .boolean("was_shown_payment", !world_.parameters.classes.is_new_way[customer.method] && random.chance(0.8))
        .boolean("was_told_substitution", random.chance(0.6))
        .boolean("was_told_saving", random.chance(0.7))
        .boolean("got_materials", random.chance(0.9))
        .boolean("has_safety_hazard", facts.has_hazard)
        .text_if("opinion", random.chance(0.15) ? remark : std::string());
  }

  const World& world_;
  NamedRow row_;
};

}  // namespace

Result<void> write_applications(const World& world, const Portion& portion, TableFile& table) {
  ApplicationRows rows(world, table);
  for (auto i = portion.first; i < portion.last; ++i) FENQUN_CHECK(rows.add_all(i));
  return {};
}

Result<void> write_forms(const World& world, const Portion& portion, TableFile& table) {
  FormRows rows(world, table);
  for (auto i = portion.first; i < portion.last; ++i) {
    if (world.has_form(i)) FENQUN_CHECK(rows.add(i));
  }
  return {};
}

}  // namespace fenqun::datagen
