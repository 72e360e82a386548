// datagen/write_service.cpp - inspections, other income, tickets, outages.
#include "datagen/entity_writers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::datagen {
namespace {

/// "K20260601000123": kind of record, month, part of the place, running number in the file.
std::string running_id(char letter, Month month, std::size_t part, std::int64_t row) {
  return fmt::format("{}{:04}{:02}{:02}{:06}", letter, month.year(), month.month_of_year(), part + 1, row + 1);
}

}  // namespace

Result<void> write_inspections(const World& world, const Portion& portion, TableFile& table) {
  const auto inspection_id = table.text("inspection_id"), id = table.text("customer_id");
  const auto day = table.date("inspected_on");
  const auto kind = table.text("kind"), finding = table.text("finding");
  FENQUN_CHECK(table.ready());
  const auto month = world.timeline.month(portion.t);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto inspection = world.service.inspection(i, world.customers[i], portion.t);
    if (!inspection) continue;
    table.set_text(inspection_id, running_id('J', month, portion.part, table.rows()));
    table.set_text(id, world.customer_id(i));
    table.set_date(day, inspection->day);
    table.set_text(kind, inspection->kind);
    table.set_text(finding, inspection->finding);
    FENQUN_CHECK(table.end_row());
  }
  return {};
}

Result<void> write_other_income(const World& world, const Portion& portion, TableFile& table) {
  const auto income_id = table.text("income_id"), id = table.text("customer_id");
  const auto day = table.date("booked_on");
  const auto kind = table.text("kind");
  const auto amount = table.decimal("amount_cny", 2);
  FENQUN_CHECK(table.ready());
  const auto month = world.timeline.month(portion.t);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto income = world.service.income(i, world.customers[i], portion.t);
    if (!income) continue;
    table.set_text(income_id, running_id('F', month, portion.part, table.rows()));
    table.set_text(id, world.customer_id(i));
    table.set_date(day, income->day);
    table.set_text(kind, income->kind);
    table.set_decimal(amount, income->amount_fen);
    FENQUN_CHECK(table.end_row());
  }
  return {};
}

Result<void> write_tickets(const World& world, const Portion& portion, TableFile& table) {
  const auto ticket_id = table.text("ticket_id"), id = table.text("customer_id");
  const auto opened = table.timestamp("opened_at"), closed = table.timestamp("closed_at");
  const auto channel = table.text("channel"), kind = table.text("kind"), topic = table.text("topic");
  FENQUN_CHECK(table.ready());
  const auto month = world.timeline.month(portion.t);
  const auto end_of_data = (world.timeline.last_day() + std::int64_t{1}) * kDaySeconds;
  const auto add = [&](const Ticket& ticket) {
    table.set_text(ticket_id, running_id('K', month, portion.part, table.rows()));
    table.set_text(id, world.customer_id(ticket.customer));
    table.set_timestamp(opened, ticket.opened);
    if (ticket.closed < end_of_data) {
      table.set_timestamp(closed, ticket.closed);
    } else {
      table.set_null(closed);
    }
    table.set_text(channel, ticket.channel);
    table.set_text(kind, ticket.kind);
    table.set_text(topic, ticket.topic);
    return table.end_row();
  };
  const auto& planned = world.discontent[static_cast<std::size_t>(portion.t)];
  auto next = std::find_if(planned.begin(), planned.end(), [&](const auto& t) { return t.customer >= portion.first; });
  for (auto i = portion.first; i < portion.last; ++i) {
    for (; next != planned.end() && next->customer == i; ++next) FENQUN_CHECK(add(*next));
    if (const auto ticket = world.service.ticket(i, world.customers[i], portion.t)) FENQUN_CHECK(add(*ticket));
  }
  return {};
}

Result<void> write_outages(const World& world, const Portion& portion, TableFile& table) {
  const auto outage_id = table.text("outage_id"), kind = table.text("kind"), feeder = table.text("feeder_id");
  const auto area = table.text("transformer_area_id");
  const auto started = table.timestamp("started_at"), ended = table.timestamp("ended_at");
  FENQUN_CHECK(table.ready());
  const auto month = world.timeline.month(portion.t);
  for (const auto& outage : world.service.outages(world.territory, portion.t)) {
    table.set_text(outage_id, running_id('T', month, portion.part, table.rows()));
    table.set_text(kind, outage.kind);
    table.set_text(feeder, world.territory.feeders[outage.feeder]);
    if (outage.area) {
      table.set_text(area, world.territory.units[world.territory.areas[*outage.area].unit].id);
    } else {
      table.set_null(area);
    }
    table.set_timestamp(started, outage.started);
    table.set_timestamp(ended, outage.ended);
    FENQUN_CHECK(table.end_row());
  }
  return {};
}

}  // namespace fenqun::datagen
