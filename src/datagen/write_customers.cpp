// datagen/write_customers.cpp - customers.
#include "datagen/entity_writers.hpp"
#include "datagen/named_row.hpp"
#include "datagen/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace fenqun::datagen {
namespace {

constexpr std::int32_t kVerifiedWithin = 3 * 365;
constexpr std::array<const char*, 4> kCreditGrades = {"excellent", "good", "fair", "poor"};

/// The last character of an identity number: ISO 7064 MOD 11-2, as GB 11643 asks.
char check_character(const std::string& digits) {
  constexpr std::array<int, 17> kFactors = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kFactors.size(); ++i) sum += kFactors[i] * (digits[i] - '0');
  return "10X98765432"[sum % 11];
}

/// Region 000000 is given to no place: a number that no person has.
std::string identity_number(std::uint32_t number, const Person& person) {
  const std::chrono::year_month_day born{std::chrono::sys_days(std::chrono::days(person.born_day))};
  const auto digits =
      fmt::format("000000{:04}{:02}{:02}{:02}{}", static_cast<int>(born.year()), static_cast<unsigned>(born.month()),
                  static_cast<unsigned>(born.day()), number % 100, number % 5 * 2 + (person.is_male ? 1 : 0));
  return digits + check_character(digits);
}

const char* scale_of(const Customer& customer) {
  const double kva = customer.capacity_kva;
  return kva >= 2000 ? "large" : kva >= 315 ? "medium" : kva >= 50 ? "small" : "micro";
}

const char* load_class_of(const std::string& importance) {
  if (importance == "special" || importance == "first") return "first";
  return importance == "second" || importance == "temporary" ? "second" : "third";
}

const char* preferred_channel(const std::string& method, Random& random) {
  if (method == "wechat" || method == "alipay") return random.chance(0.8) ? "wechat" : "sms";
  if (method == "app") return "app";
  if (method == "web_hall") return "web_hall";
  if (method == "counter" || method == "cheque") return random.chance(0.5) ? "counter" : "phone";
  return random.chance(0.6) ? "sms" : "phone";
}

class CustomerRows {
 public:
  CustomerRows(const World& world, TableFile& table) : world_(world), row_(table) {}

  Result<void> add(std::uint32_t number) {
    const auto& customer = world_.customers[number];
    set_supply(number, customer);
    set_identity(number, customer);
    set_standing(number, customer);
    return row_.end();
  }

 private:
  void set_supply(std::uint32_t number, const Customer& customer) {
    const auto& kind = world_.kind_of(customer);
    const auto& area = world_.area_of(customer);
    const auto& units = world_.territory.units;
    importance_ = customer.importance == 0 ? "none" : kind.importance[customer.importance - 1U].first;
    const auto place = world_.grid.home(number, customer);
    const bool is_closed = customer.closed_day != kNeverClosed;
    row_.text("customer_id", world_.customer_id(number))
        .text("customer_name", world_.customer_name(number))
        .text("category", kind.category)
        .text("user_kind", kind.user_kind)
        .text("industry", kind.industry)
        .text("tariff_class", world_.parameters.usage.tariffs[customer.tariff].name)
        .decimal("voltage_kv", world_.voltage_kv(customer), 2)
        .decimal("contract_capacity_kva", static_cast<double>(customer.capacity_kva), 2)
        .text("importance_grade", importance_)
        .boolean("is_key_attention", kind.is_key_attention)
        .text("station_id", units[area.station].id)
        .text("community_id", units[area.community].id)
        .text("transformer_area_id", units[area.unit].id)
        .text("feeder_id", world_.territory.feeders[area.feeder])
        .text("location_kind", kLocationNames[static_cast<std::size_t>(area.location)])
        .text("payment_method", world_.parameters.classes.methods[customer.method])
        .text("contact_phone", world_.phone(number))
        .date("opened_on", customer.opened_day)
        .date("closed_on", is_closed ? std::optional(customer.closed_day) : std::nullopt)
        .text("status", is_closed ? "closed" : "active")
        .text("region", world_.parameters.profile.region)
        .text("address", world_.address(number))
        .decimal("longitude", place.longitude, 6)
        .decimal("latitude", place.latitude, 6);
  }

  void set_identity(std::uint32_t number, const Customer& customer) {
    const bool is_home = world_.is_home(customer);
    const auto person = is_home ? std::optional(world_.people.person(number, customer)) : std::nullopt;
    const auto flag = [&](bool Person::*which) {
      return person ? std::optional<bool>((*person).*which) : std::optional<bool>();
    };
    row_.text("identity_kind", is_home ? "id_card" : "business_licence")
        .text("identity_number", person ? identity_number(number, *person) : fmt::format("00000000MA{:08}", number + 1))
        .text("business_partner_id", fmt::format("BP{:08}", number + 1))
        .integer("age", person ? std::optional<std::int64_t>(person->age) : std::nullopt)
        .text_if("sex", !person           ? ""
                        : person->is_male ? "male"
                                          : "female")
        .text_if("occupation", person ? *person->occupation : "")
        .text_if("family_situation", person ? *person->family : "")
        .boolean("is_elderly", flag(&Person::is_elderly))
        .boolean("is_blind", flag(&Person::is_blind))
        .boolean("is_disabled", flag(&Person::is_disabled))
        .boolean("has_life_support", flag(&Person::has_life_support))
        .boolean("is_low_income", flag(&Person::is_low_income))
        .boolean("is_subsidy_participant", flag(&Person::is_subsidised))
        .boolean("is_owner", flag(&Person::is_owner))
        .boolean("uses_green_energy", flag(&Person::is_green))
        .text_if("heating_kind", person ? *person->heating : "")
        .text("alternative_energy", person && person->has_photovoltaic ? "photovoltaic" : "none")
        .text_if("enterprise_scale", is_home ? "" : scale_of(customer));
  }

  void set_standing(std::uint32_t number, const Customer& customer) {
    const auto& parameters = world_.parameters;
    const auto& method = parameters.classes.methods[customer.method];
    auto random = random_for(world_.seed, Purpose::Extra, number);
    const auto credit = world_.people.credit(number, customer);
    const auto& kind = world_.kind_of(customer);
    const bool is_sensitive = kind.influence == 1 || importance_ != "none";
    const bool is_verified = random.chance(parameters.people.verified_share);
    const auto verified = world_.timeline.last_day() - static_cast<std::int32_t>(random.below(kVerifiedWithin));
    const auto& source = pick_weighted(random, parameters.people.verified_sources);
    row_.text("need_type", world_.people.need(number, customer))
        .text("power_quality_need", is_sensitive && customer.revenue == 1 ? "special"
                                    : is_sensitive                        ? "high"
                                                                          : "ordinary")
        .text("load_class", load_class_of(importance_))
        .boolean("is_prepaid", customer.habit == Habit::Prepaid)
        .text("payment_plan", customer.habit == Habit::Prepaid ? "prepaid" : "standard")
        .text("credit_grade", kCreditGrades[static_cast<std::size_t>(credit.grade)])
        .decimal("credit_score", credit.score, 2)
        .boolean("is_dsm_participant", world_.has_large_tariff(customer) && random.chance(0.3))
        .integer("meter_reading_day", 17 + static_cast<std::int64_t>(customer.area % 4))
        .text("account_manager_id", world_.manager_of(number).id)
        .boolean("consents_to_contact", random.chance(parameters.people.contact_consent_share))
        .text("preferred_channel", preferred_channel(method, random))
        .date("verified_on", is_verified ? std::optional(std::max(verified, customer.opened_day)) : std::nullopt)
        .text_if("verified_by_source", is_verified ? std::string_view(source) : std::string_view());
  }

  const World& world_;
  NamedRow row_;
  std::string importance_;
};

}  // namespace

Result<void> write_customers(const World& world, const Portion& portion, TableFile& table) {
  CustomerRows rows(world, table);
  for (auto i = portion.first; i < portion.last; ++i) FENQUN_CHECK(rows.add(i));
  return {};
}

}  // namespace fenqun::datagen
