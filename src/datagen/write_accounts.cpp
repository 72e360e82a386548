// datagen/write_accounts.cpp - settlement accounts, contacts, supply contracts.
#include "datagen/entity_writers.hpp"
#include "datagen/named_row.hpp"
#include "datagen/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fenqun::datagen {
namespace {

constexpr std::int32_t kDaysPerYear = 365;
constexpr std::uint64_t kVerifiedWithinDays = 3 * 365UL;

/// What a customer owes at the end of the data: bills due by then, less what came for them.
struct Debt {
  std::int64_t fen = 0;
  std::optional<std::int32_t> since;
};

Debt debt_of(const World& world, std::uint32_t number, const Customer& customer) {
  Debt out;
  if (customer.late_bills + customer.unpaid_bills == 0) return out;
  const auto today = world.timeline.last_day();
  for (int t = 0; t < world.timeline.months; ++t) {
    const auto [paid, first, failed] = world.paying.outcome(number, customer, t);
    if (paid && *paid <= today) continue;
    const auto use = world.usage.month(number, customer, t);
    if (!use) continue;
    const bool part_came = first && first->day <= today;
    out.fen += use->amount_fen - (part_came ? first_part_fen(*first, use->amount_fen) : 0);
    if (!out.since) out.since = world.paying.dates(t).due;
  }
  return out;
}

const char* debit_book(const Customer& customer, bool is_debit, Random& random) {
  const double draw = random.uniform();
  if (!is_debit) return "none";
  if (customer.area_case == AreaCase::SeparateDebitAccount) return "separate";
  // Late payers by debit mostly have a book of its own, as the article found.
  return draw < (customer.arrears == 3 ? 0.1 : 0.7) ? "separate" : "household";
}

class ContactRows {
 public:
  ContactRows(const World& world, TableFile& table) : world_(world), row_(table) {}

  Result<void> add_all(std::uint32_t number) {
    const auto& customer = world_.customers[number];
    const bool is_home = world_.is_home(customer);
    const bool is_high_voltage = world_.voltage_kv(customer) >= 10;
    const bool is_important = customer.importance != 0;
    number_ = number;
    place_ = 0;
    FENQUN_CHECK(add("holder", is_home ? world_.customer_name(number) : person(1), world_.phone(number), "本人"));
    if (!is_home && customer.revenue <= 2) FENQUN_CHECK(add("payer", person(2), phone(2), "财务"));
    if (is_high_voltage) FENQUN_CHECK(add("electrician", person(3), phone(3), "电工"));
    if (world_.has_large_tariff(customer)) FENQUN_CHECK(add("peak_shift", person(4), phone(4), "生产主管"));
    if (is_important) FENQUN_CHECK(add("outage_notice", person(5), phone(5), "值班负责人"));
    if (customer.is_migrant) FENQUN_CHECK(add("relative", person(6), phone(6), "子女"));
    if (customer.revenue != 1) return {};
    const auto& manager = world_.manager_of(number);
    return add("account_manager", manager.name, manager.phone, "", manager.id);
  }

 private:
  [[nodiscard]] std::string person(std::uint64_t which) const { return world_.person_name(number_, which); }
  /// Numbers that no customer has: those of the holders begin anew, with the second prefix.
  [[nodiscard]] std::string phone(std::uint64_t which) const {
    return fmt::format("{}{:08}", world_.parameters.names.staff_phone_prefix,
                       50'000'000 + (number_ * std::uint64_t{8} + which) % 50'000'000);
  }

  Result<void> add(const char* role, const std::string& name, const std::string& phone, const char* relation,
                   const std::string& staff = {}) {
    const auto& customer = world_.customers[number_];
    auto random = random_for(world_.seed, Purpose::Contact, number_, 100 + place_);
    const auto today = world_.timeline.last_day();
    const bool is_verified = random.chance(world_.parameters.people.verified_share);
    const auto verified =
        std::max(customer.opened_day, today - static_cast<std::int32_t>(random.below(kVerifiedWithinDays)));
    const bool is_relative = std::string_view(role) == "relative";
    const bool has_wechat = random.chance(0.6);
    const auto id = world_.customer_id(number_);
    ++place_;
    row_.text("contact_id", fmt::format("L{}{:02}", id, place_))
        .text("customer_id", id)
        .text("role", role)
        .text("contact_name", name)
        .text("phone", phone)
        .text_if("wechat_name", has_wechat ? "wx" + phone : std::string())
        .text_if("relation", relation)
        .boolean("is_away_for_work", is_relative ? std::optional(true) : std::nullopt)
        .text("preferred_channel", has_wechat           ? "wechat"
                                   : random.chance(0.6) ? "phone"
                                                        : "sms")
        .boolean("is_preferred", place_ == 1)
        .boolean("consents_to_contact", random.chance(world_.parameters.people.contact_consent_share))
        .text_if("staff_id", staff)
        .date("valid_from", customer.opened_day)
        .date("valid_to", customer.closed_day == kNeverClosed ? std::nullopt : std::optional(customer.closed_day))
        .date("verified_on", is_verified ? std::optional(verified) : std::nullopt);
    return row_.end();
  }

  const World& world_;
  NamedRow row_;
  std::uint32_t number_ = 0;
  std::uint64_t place_ = 0;
};

std::size_t contract_kind(const World& world, const Customer& customer) {
  const auto& kind = world.kind_of(customer);
  const std::string_view name = kind.user_kind == "producing"        ? "generation"
                                : kind.user_kind == "reselling"      ? "reselling"
                                : world.is_home(customer)            ? "residential"
                                : world.voltage_kv(customer) >= 10.0 ? "high_voltage"
                                                                     : "low_voltage";
  return static_cast<std::size_t>(std::find(kContractKinds.begin(), kContractKinds.end(), name) -
                                  kContractKinds.begin());
}

}  // namespace

Result<void> write_accounts(const World& world, const Portion& portion, TableFile& table) {
  const auto& numbers = world.parameters.records.accounts;
  const auto today = world.timeline.last_day();
  NamedRow row(table);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    auto random = random_for(world.seed, Purpose::Contract, i, 1);
    const auto& method = world.parameters.classes.methods[customer.method];
    const bool is_debit = method == "bank_debit", is_prepaid = customer.habit == Habit::Prepaid;
    const bool is_group = !world.is_home(customer) && random.chance(numbers.consolidated_share);
    const auto& bank = numbers.banks[random.below(numbers.banks.size())];
    const auto* book = debit_book(customer, is_debit, random);
    const auto debt = debt_of(world, i, customer);
    const auto saved = is_prepaid ? whole_between(random, 500, 30'000) : is_debit ? whole_between(random, 0, 5'000) : 0;
    const bool has_second = random.chance(customer.revenue == 1 ? numbers.second_large : numbers.second_other);
    const bool is_closed = customer.closed_day <= today;
    const auto name = world.customer_name(i);
    for (int place = 0; place < (has_second ? 2 : 1); ++place) {
      const bool is_first = place == 0;
      const bool has_bank = (is_debit || !world.is_home(customer)) && is_first;
      row.text("account_id", is_first ? world.account_id(i) : world.account_id(i) + "B")
          .text("customer_id", world.customer_id(i))
          .text("kind", !is_first    ? "settlement"
                        : is_group   ? "consolidated"
                        : is_prepaid ? "prepaid"
                        : is_debit   ? "direct_debit"
                                     : "settlement")
          .text("account_name", name)
          .text_if("bank_name", has_bank ? bank : std::string())
          .text_if("bank_account_number",
                   has_bank ? fmt::format("0000{:015}", mix64(i) % 1'000'000'000'000'000U) : std::string())
          .text("debit_book", is_first ? book : "none")
          .text("payment_plan", is_prepaid && is_first ? "prepaid"
                                : is_group && is_first ? "consolidated"
                                                       : "standard")
          .scaled("balance_cny", is_first ? saved - debt.fen : 0, 2)
          .date("balance_on", today)
          .scaled("arrears_cny", is_first ? debt.fen : 0, 2)
          .date("arrears_since", is_first ? debt.since : std::nullopt)
          .text("status", is_closed ? "closed" : "active")
          .date("opened_on", customer.opened_day)
          .date("closed_on", is_closed ? std::optional(customer.closed_day) : std::nullopt);
      FENQUN_CHECK(row.end());
    }
  }
  return {};
}

Result<void> write_contacts(const World& world, const Portion& portion, TableFile& table) {
  ContactRows rows(world, table);
  for (auto i = portion.first; i < portion.last; ++i) FENQUN_CHECK(rows.add_all(i));
  return {};
}

Result<void> write_contracts(const World& world, const Portion& portion, TableFile& table) {
  const auto& numbers = world.parameters.records.contracts;
  const auto today = world.timeline.last_day();
  NamedRow row(table);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    auto random = random_for(world.seed, Purpose::Contract, i);
    const auto kind = contract_kind(world, customer);
    const auto& years = numbers.years[kind];
    const auto term =
        kDaysPerYear * static_cast<std::int32_t>(whole_between(random, static_cast<std::int64_t>(years[0]),
                                                               static_cast<std::int64_t>(years[1])));
    const bool is_expired = random.chance(numbers.expired_share);
    const double draw = random.uniform();
    // Renewed when it ends; the last one began less than a term ago - or has ended since.
    const auto age = static_cast<std::int32_t>(draw * (is_expired ? kDaysPerYear : term)) + (is_expired ? term : 0);
    const auto from = std::max(customer.opened_day, today - age);
    const bool is_closed = customer.closed_day <= today;
    const auto to = from + term;
    const bool is_large = world.has_large_tariff(customer);
    const auto& tariff = world.parameters.usage.tariffs[customer.tariff].name;
    const bool may_trade = is_large || (tariff == "general_commercial" && customer.revenue == 1);
    const bool is_traded = random.chance(is_large ? numbers.traded_large : numbers.traded_commercial) && may_trade;
    const auto& supplier = numbers.suppliers[random.below(numbers.suppliers.size())];
    const bool is_preferential = random.chance(numbers.preferential_share);
    const bool by_demand = random.chance(0.3);
    const bool is_home = world.is_home(customer);
    row.text("contract_id", "HT" + world.customer_id(i))
        .text("customer_id", world.customer_id(i))
        .text("kind", kContractKinds[kind])
        .text("status", is_closed         ? "terminated"
                        : to < today      ? "expired"
                        : to - today < 60 ? "renewing"
                                          : "active")
        .date("signed_on", from - static_cast<std::int32_t>(random.below(20)))
        .date("valid_from", from)
        .date("valid_to", to)
        .decimal("capacity_kva", static_cast<double>(customer.capacity_kva), 2)
        .decimal("max_demand_kw",
                 is_large && by_demand ? std::optional(static_cast<double>(customer.capacity_kva) * 0.6) : std::nullopt,
                 2)
        .text("tariff_class", tariff)
        .text("price_policy", is_large && by_demand ? "two_part_demand"
                              : is_large            ? "two_part_capacity"
                              : is_home             ? "single"
                                                    : "time_of_use")
        .boolean("has_preferential_tariff", is_preferential)
        .boolean("is_market_traded", is_traded)
        .text_if("supplier_name", is_traded ? supplier : std::string())
        .decimal("power_factor_target",
                 is_large  ? std::optional(0.9)
                 : is_home ? std::nullopt
                           : std::optional(0.85),
                 2)
        .integer("payment_terms_days", 7)
        .scaled("deposit_cny", is_large ? std::optional<std::int64_t>(customer.capacity_kva * 1000) : std::nullopt, 2);
    FENQUN_CHECK(row.end());
  }
  return {};
}

}  // namespace fenqun::datagen
