// datagen/write_facts.cpp - daily readings, bills, payments, reminders.
#include "datagen/entity_writers.hpp"
#include "datagen/named_row.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::datagen {
namespace {

/// "202606": what is unique about a customer's bill of that month.
std::string compact(Month month) {
  auto text = month.text();
  text.erase(4, 1);
  return text;
}

/// How a bill stands at the end of the data.
struct Standing {
  const char* status = "issued";
  std::int64_t paid_fen = 0;
  std::optional<std::int32_t> settled;
};

Standing standing_of(const World& world, std::uint32_t number, const Customer& customer, int t, std::int64_t amount_fen,
                     std::int32_t due) {
  const auto today = world.timeline.last_day();
  const auto [paid, first, failed] = world.paying.outcome(number, customer, t);
  if (paid && *paid <= today) return {"paid", amount_fen, paid};
  if (first && first->day <= today) return {"partly_paid", first_part_fen(*first, amount_fen), std::nullopt};
  return {due < today ? "overdue" : "issued", 0, std::nullopt};
}

const char* delivery_of(const World& world, const Customer& customer) {
  const auto& method = world.parameters.classes.methods[customer.method];
  if (method == "app") return "app";
  if (method == "wechat" || method == "alipay") return "wechat";
  return world.is_home(customer) ? "sms" : "paper";
}

const char* means_of(const std::string& method) {
  if (method == "counter" || method == "agent") return "cash";
  if (method == "bank_debit") return "transfer";
  if (method == "cheque") return "cheque";
  return method == "prepaid_card" ? "balance" : "online";
}

class PaymentRows {
 public:
  PaymentRows(const World& world, const Portion& portion, TableFile& table)
      : world_(world),
        row_(table),
        first_day_(world.timeline.month(portion.t).first_day()),
        last_day_(world.timeline.month(portion.t + 1).first_day() - 1) {}

  /// What came in the portion's month for the bill of month t.
  Result<void> add_of(std::uint32_t number, int t) {
    const auto& customer = world_.customers[number];
    // The days first: they are cheap, and most of the months looked back at fall away by them.
    const auto [day, first, failed] = world_.paying.outcome(number, customer, t);
    const bool any = (day && is_here(*day)) || (first && is_here(first->day)) || (failed && is_here(failed->day));
    if (!any) return {};
    const auto use = world_.usage.month(number, customer, t);
    if (!use) return {};
    const auto part = first ? first_part_fen(*first, use->amount_fen) : 0;
    if (failed) FENQUN_CHECK(add(number, t, 'R', failed->day, 0, "debit_failed", failed->reason));
    if (part > 0) FENQUN_CHECK(add(number, t, 'Q', first->day, part, "partial", ""));
    return day ? add(number, t, 'P', *day, use->amount_fen - part, "received", "") : Result<void>();
  }

 private:
  [[nodiscard]] bool is_here(std::int32_t day) const { return day >= first_day_ && day <= last_day_; }

  Result<void> add(std::uint32_t number, int t, char letter, std::int32_t on, std::int64_t fen, const char* status,
                   const char* reason) {
    if (!is_here(on)) return {};
    const auto id = world_.customer_id(number);
    const auto bill = id + compact(world_.timeline.month(t));
    const auto& method = world_.parameters.classes.methods[world_.customers[number].method];
    row_.text("payment_id", letter + bill)
        .text("customer_id", id)
        .text("bill_id", bill)
        .date("paid_on", on)
        .scaled("amount_cny", fen, 2)
        .text("channel", method)
        .text("status", status)
        .text_if("failure_reason", reason)
        .text("means", means_of(method));
    return row_.end();
  }

  const World& world_;
  NamedRow row_;
  std::int32_t first_day_;
  std::int32_t last_day_;
};

}  // namespace

Result<void> write_readings(const World& world, const Portion& portion, TableFile& table) {
  const auto id = table.text("customer_id");
  const auto day = table.date("day");
  const auto energy = table.decimal("energy_kwh", 3), peak = table.decimal("peak_kwh", 3);
  const auto flat = table.decimal("flat_kwh", 3), valley = table.decimal("valley_kwh", 3);
  FENQUN_CHECK(table.ready());
  std::vector<Energy> days;
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    const auto use = world.usage.month(i, customer, portion.t);
    if (!use) continue;
    world.usage.split(i, customer, portion.t, *use, days);
    const auto text = world.customer_id(i);
    for (std::size_t d = 0; d < days.size(); ++d) {
      table.set_text(id, text);
      table.set_date(day, use->first_day + static_cast<std::int32_t>(d));
      table.set_decimal(energy, days[d].total());
      table.set_decimal(peak, days[d].peak);
      table.set_decimal(flat, days[d].flat);
      table.set_decimal(valley, days[d].valley);
      FENQUN_CHECK(table.end_row());
    }
  }
  return {};
}

Result<void> write_bills(const World& world, const Portion& portion, TableFile& table) {
  const auto month = world.timeline.month(portion.t);
  const auto dates = world.paying.dates(portion.t);
  const auto suffix = compact(month);
  NamedRow row(table);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    const auto use = world.usage.month(i, customer, portion.t);
    if (!use) continue;
    const auto& tariff = world.parameters.usage.tariffs[customer.tariff];
    const auto standing = standing_of(world, i, customer, portion.t, use->amount_fen, dates.due);
    const auto tier = tier_of(tariff, month.month_of_year(), use->energy.total());
    const auto id = world.customer_id(i);
    row.text("bill_id", id + suffix)
        .text("customer_id", id)
        .date("month", month.first_day())
        .date("issued_on", dates.issued)
        .date("due_on", dates.due)
        .scaled("energy_kwh", use->energy.total(), 3)
        .scaled("peak_kwh", use->energy.peak, 3)
        .scaled("flat_kwh", use->energy.flat, 3)
        .scaled("valley_kwh", use->energy.valley, 3)
        .scaled("amount_cny", use->amount_fen, 2)
        .text("kind", customer.closed_day < month.plus(1).first_day() ? "final" : "regular")
        .text("status", standing.status)
        .scaled("energy_charge_cny", use->amount_fen - use->capacity_fen, 2)
        .scaled("capacity_charge_cny", use->capacity_fen, 2)
        .scaled("paid_cny", standing.paid_fen, 2)
        .date("settled_on", standing.settled)
        .integer("tier", tier > 0 ? std::optional<std::int64_t>(tier) : std::nullopt)
        .text("delivery", delivery_of(world, customer));
    FENQUN_CHECK(row.end());
  }
  return {};
}

Result<void> write_payments(const World& world, const Portion& portion, TableFile& table) {
  PaymentRows rows(world, portion, table);
  for (auto i = portion.first; i < portion.last; ++i) {
    for (int t = std::max(0, portion.t - PayingModel::kMonthsToWait); t <= portion.t; ++t) {
      FENQUN_CHECK(rows.add_of(i, t));
    }
  }
  return {};
}

Result<void> write_dunning(const World& world, const Portion& portion, TableFile& table) {
  const auto first_day = world.timeline.month(portion.t).first_day();
  const auto last_day = world.timeline.month(portion.t + 1).first_day() - 1;
  NamedRow row(table);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    for (int t = std::max(0, portion.t - 1); t <= portion.t; ++t) {
      const auto reminders = world.paying.reminders(i, customer, t);
      const auto use = reminders.count == 0 ? std::nullopt : world.usage.month(i, customer, t);
      if (!use) continue;
      const auto due = world.paying.dates(t).due;
      const auto paid = world.paying.paid_on(i, customer, t);
      for (std::size_t r = 0; r < reminders.count; ++r) {
        const auto& reminder = reminders.items[r];
        if (reminder.day < first_day || reminder.day > last_day) continue;
        const auto id = world.customer_id(i);
        const auto bill = id + compact(world.timeline.month(t));
        const std::string_view channel = reminder.channel;
        const bool by_person = channel == "phone" || channel == "visit" || channel == "notice";
        const bool pays_soon = paid && *paid <= reminder.day + 3;
        row.text("dunning_id", "D" + bill + std::to_string(r + 1))
            .text("customer_id", id)
            .text("bill_id", bill)
            .timestamp("sent_at", reminder.day * kDaySeconds + reminder.second)
            .text("channel", channel)
            .text("kind", reminder.day > due ? "dunning" : "reminder")
            .text("outcome", !by_person                                  ? "delivered"
                             : pays_soon                                 ? "promised"
                             : customer.habit == Habit::Malicious        ? "refused"
                             : mix64(std::uint64_t{i} * 64 + r) % 4 == 0 ? "no_answer"
                                                                         : "delivered")
            .scaled("arrears_cny", use->amount_fen, 2)
            .integer("attempt", static_cast<std::int64_t>(r + 1))
            .text_if("staff_id", by_person ? world.staff.somebody("collector", customer.area, i).id : std::string());
        FENQUN_CHECK(row.end());
      }
    }
  }
  return {};
}

}  // namespace fenqun::datagen
