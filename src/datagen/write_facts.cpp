// datagen/write_facts.cpp - readings, bills, payments, reminders.
#include "datagen/entity_writers.hpp"

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
  const auto bill_id = table.text("bill_id"), id = table.text("customer_id");
  const auto month = table.date("month"), issued = table.date("issued_on"), due = table.date("due_on");
  const auto energy = table.decimal("energy_kwh", 3), peak = table.decimal("peak_kwh", 3);
  const auto flat = table.decimal("flat_kwh", 3), valley = table.decimal("valley_kwh", 3);
  const auto amount = table.decimal("amount_cny", 2);
  FENQUN_CHECK(table.ready());
  const auto business_month = world.timeline.month(portion.t);
  const auto dates = world.paying.dates(portion.t);
  const auto suffix = compact(business_month);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto use = world.usage.month(i, world.customers[i], portion.t);
    if (!use) continue;
    const auto text = world.customer_id(i);
    table.set_text(bill_id, text + suffix);
    table.set_text(id, text);
    table.set_date(month, business_month.first_day());
    table.set_date(issued, dates.issued);
    table.set_date(due, dates.due);
    table.set_decimal(energy, use->energy.total());
    table.set_decimal(peak, use->energy.peak);
    table.set_decimal(flat, use->energy.flat);
    table.set_decimal(valley, use->energy.valley);
    table.set_decimal(amount, use->amount_fen);
    FENQUN_CHECK(table.end_row());
  }
  return {};
}

Result<void> write_payments(const World& world, const Portion& portion, TableFile& table) {
  const auto payment_id = table.text("payment_id"), id = table.text("customer_id"), bill_id = table.text("bill_id");
  const auto paid_on = table.date("paid_on");
  const auto amount = table.decimal("amount_cny", 2);
  const auto channel = table.text("channel");
  FENQUN_CHECK(table.ready());
  const auto first_day = world.timeline.month(portion.t).first_day();
  const auto last_day = world.timeline.month(portion.t + 1).first_day() - 1;
  const auto is_here = [&](std::int32_t day) { return day >= first_day && day <= last_day; };
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    for (int t = std::max(0, portion.t - PayingModel::kMonthsToWait); t <= portion.t; ++t) {
      // The days first: they are cheap, and most of the months looked back at fall away by them.
      const auto day = world.paying.paid_on(i, customer, t);
      if (!day) continue;
      const auto first = world.paying.first_part(i, customer, t);
      if (!is_here(*day) && !(first && is_here(first->day))) continue;
      const auto use = world.usage.month(i, customer, t);
      if (!use) continue;
      const auto text = world.customer_id(i);
      const auto bill = text + compact(world.timeline.month(t));
      const auto add = [&](const char* letter, std::int32_t on, std::int64_t fen) -> Result<void> {
        if (!is_here(on)) return {};
        table.set_text(payment_id, letter + bill);
        table.set_text(id, text);
        table.set_text(bill_id, bill);
        table.set_date(paid_on, on);
        table.set_decimal(amount, fen);
        table.set_text(channel, world.parameters.classes.methods[customer.method]);
        return table.end_row();
      };
      const auto part = first
                            ? std::min<std::int64_t>(std::llround(static_cast<double>(use->amount_fen) * first->share),
                                                     use->amount_fen - 1)
                            : 0;
      if (part > 0) FENQUN_CHECK(add("Q", first->day, part));
      FENQUN_CHECK(add("P", *day, use->amount_fen - part));
    }
  }
  return {};
}

Result<void> write_dunning(const World& world, const Portion& portion, TableFile& table) {
  const auto dunning_id = table.text("dunning_id"), id = table.text("customer_id"), bill_id = table.text("bill_id");
  const auto sent_at = table.timestamp("sent_at");
  const auto channel = table.text("channel");
  FENQUN_CHECK(table.ready());
  const auto first_day = world.timeline.month(portion.t).first_day();
  const auto last_day = world.timeline.month(portion.t + 1).first_day() - 1;
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    for (int t = std::max(0, portion.t - 1); t <= portion.t; ++t) {
      const auto reminders = world.paying.reminders(i, customer, t);
      if (reminders.count == 0 || !world.usage.month(i, customer, t)) continue;
      for (std::size_t r = 0; r < reminders.count; ++r) {
        const auto& reminder = reminders.items[r];
        if (reminder.day < first_day || reminder.day > last_day) continue;
        const auto text = world.customer_id(i);
        const auto bill = text + compact(world.timeline.month(t));
        table.set_text(dunning_id, "D" + bill + std::to_string(r + 1));
        table.set_text(id, text);
        table.set_text(bill_id, bill);
        table.set_timestamp(sent_at, reminder.day * kDaySeconds + reminder.second);
        table.set_text(channel, reminder.channel);
        FENQUN_CHECK(table.end_row());
      }
    }
  }
  return {};
}

}  // namespace fenqun::datagen
