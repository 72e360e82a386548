// datagen/write_service.cpp - inspections, other income, tickets.
#include "datagen/entity_writers.hpp"
#include "datagen/named_row.hpp"
#include "datagen/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fenqun::datagen {
namespace {

constexpr std::int64_t kMinute = 60;

/// Streams of further fields, apart for each entity.
Random extra(const World& world, std::uint64_t entity, std::uint64_t thing, Month month) {
  return random_for(world.seed, Purpose::Extra, thing,
                    entity * 100'000 + static_cast<std::uint64_t>(month.minus(Month())));
}

template <std::size_t Count>
const char* any_of(Random& random, const std::array<const char*, Count>& names) {
  return names[random.below(Count)];
}

struct Finding {
  const char* violation = "";
  const char* theft = "";
  const char* hazard = "";
  const char* level = "";
  std::optional<std::int64_t> hazards;
  std::optional<double> recovered_kwh;
  std::optional<std::int32_t> rectify_by, rectified, rechecked;
  std::optional<bool> passed;
  const char* text = "现场检查未发现异常";
};

Finding details_of(const World& world, const Inspection& inspection, Random random) {
  constexpr std::array<const char*, 5> kViolations = {"tariff_misuse", "over_capacity", "sealed_equipment",
                                                      "moved_meter", "passed_on"};
  constexpr std::array<const char*, 3> kThefts = {"bypass", "seal_broken", "meter_tampered"};
  constexpr std::array<const char*, 6> kHazards = {"own_power", "wiring",   "protection",
                                                   "grounding", "overload", "operation"};
  Finding out;
  const std::string_view finding = inspection.finding;
  if (finding == "none") return out;
  if (finding == "hazard") {
    out.hazard = any_of(random, kHazards);
    out.level = random.chance(0.85) ? "general" : random.chance(0.8) ? "serious" : "major";
    out.hazards = 1 + static_cast<std::int64_t>(random.below(3));
    out.text = "发现用电安全隐患，已下达整改通知";
  } else {
    out.recovered_kwh = random.uniform(100, 5000);
    if (finding == "theft") out.theft = any_of(random, kThefts);
    if (finding == "violation") out.violation = any_of(random, kViolations);
    out.text = finding == "theft" ? "发现窃电行为，已取证并追补电费" : "发现违约用电行为，已现场签认";
  }
  out.rectify_by = inspection.day + 30;
  const auto done = inspection.day + static_cast<std::int32_t>(whole_between(random, 5, 45));
  if (done > world.timeline.last_day()) return out;
  out.rectified = done;
  out.rechecked = std::min(done + 3, world.timeline.last_day());
  out.passed = random.chance(0.92);
  return out;
}

const char* business_type_of(const std::string& kind, const std::string& topic) {
  if (kind == "repair") return "低压故障报修";
  if (kind == "business") return topic == "new_connection" ? "新装增容" : "变更用电";
  if (topic == "billing") return "电费查询";
  if (topic == "payment") return "缴费渠道咨询";
  if (topic == "tariff") return "电价政策咨询";
  if (topic == "metering") return "计量装置咨询";
  return topic == "outage" ? "停电信息查询" : "服务规范";
}

const char* description_of(const std::string& kind) {
  if (kind == "repair") return "客户反映家中无电，请派人处理";
  if (kind == "business") return "客户申请办理用电业务";
  if (kind == "praise") return "客户表扬工作人员服务热情";
  if (kind == "suggestion") return "客户建议增加缴费网点";
  return kind == "enquiry" ? "客户咨询用电相关问题" : "客户对供电服务表示不满";
}

class TicketRows {
 public:
  TicketRows(const World& world, TableFile& table)
      : world_(world), row_(table), end_of_data_((world.timeline.last_day() + std::int64_t{1}) * kDaySeconds) {}

  Result<void> add(const std::string& id, const Ticket& ticket) {
    const auto& customer = world_.customers[ticket.customer];
    auto random = random_for(world_.seed, Purpose::Extra, ticket.customer,
                             static_cast<std::uint64_t>(ticket.opened / kDaySeconds) + 1'000'000);
    const bool is_repair = ticket.kind == "repair", is_closed = ticket.closed < end_of_data_;
    const bool is_voice = ticket.kind == "complaint" || ticket.kind == "opinion" || ticket.kind == "report";
    const auto promised = ticket.opened + (is_repair ? 4 * kHourSeconds : is_voice ? 5 * kDaySeconds : kDaySeconds);
    const auto arrived = std::min(ticket.closed, ticket.opened + whole_between(random, 15, 55) * kMinute);
    const bool has_score = random.chance(0.4) && is_closed;
    const double score = is_voice ? random.uniform(30, 80) : random.uniform(70, 100);
    const bool by_phone = ticket.channel == "phone_95598" || ticket.channel == "ivr";
    const auto* role = is_repair ? "repair" : by_phone ? "agent" : "counter";
    row_.text("ticket_id", id)
        .text("customer_id", world_.customer_id(ticket.customer))
        .timestamp("opened_at", ticket.opened)
        .timestamp("closed_at", is_closed ? std::optional(ticket.closed) : std::nullopt)
        .text("channel", ticket.channel)
        .text("kind", ticket.kind)
        .text("topic", ticket.topic)
        .text("business_type", business_type_of(ticket.kind, ticket.topic))
        .text("priority", is_repair ? "urgent" : "ordinary")
        .timestamp("promised_at", promised)
        .timestamp("arrived_at", is_repair && arrived < end_of_data_ ? std::optional(arrived) : std::nullopt)
        .boolean("is_overdue", std::min(ticket.closed, end_of_data_) > promised)
        .boolean("is_repeat", is_voice && random.chance(customer.arrears == 1 ? 0.2 : 0.05))
        .text("org_unit_id", world_.territory.units[world_.area_of(customer).station].id)
        .text("staff_id", world_.staff.somebody(role, customer.area, ticket.customer).id)
        .decimal("satisfaction_score", has_score ? std::optional(score) : std::nullopt, 2)
        .text_if("result", !is_closed                 ? ""
                           : ticket.kind == "enquiry" ? "explained"
                                                      : "resolved")
        .text_if("caller_phone", by_phone ? world_.phone(ticket.customer) : std::string())
        .text("description", description_of(ticket.kind));
    return row_.end();
  }

 private:
  const World& world_;
  NamedRow row_;
  std::int64_t end_of_data_;
};

}  // namespace

std::string running_id(char letter, Month month, std::size_t part, std::int64_t row) {
  return fmt::format("{}{:04}{:02}{:02}{:06}", letter, month.year(), month.month_of_year(), part + 1, row + 1);
}

Result<void> for_tickets(const World& world, const Portion& portion, const OnTicket& on_ticket) {
  const auto& planned = world.discontent[static_cast<std::size_t>(portion.t)];
  const auto month = world.timeline.month(portion.t);
  auto next = std::find_if(planned.begin(), planned.end(), [&](const auto& t) { return t.customer >= portion.first; });
  std::int64_t row = 0;
  const auto call = [&](const Ticket& ticket) {
    return on_ticket(running_id('K', month, portion.part, row++), ticket);
  };
  for (auto i = portion.first; i < portion.last; ++i) {
    for (; next != planned.end() && next->customer == i; ++next) FENQUN_CHECK(call(*next));
    if (const auto ticket = world.service.ticket(i, world.customers[i], portion.t)) FENQUN_CHECK(call(*ticket));
  }
  return {};
}

Result<void> write_inspections(const World& world, const Portion& portion, TableFile& table) {
  const auto month = world.timeline.month(portion.t);
  NamedRow row(table);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto& customer = world.customers[i];
    const auto inspection = world.service.inspection(i, customer, portion.t);
    if (!inspection) continue;
    const auto found = details_of(world, *inspection, extra(world, 1, i, month));
    const auto recovered = found.recovered_kwh;
    row.text("inspection_id", running_id('J', month, portion.part, table.rows()))
        .text("customer_id", world.customer_id(i))
        .date("inspected_on", inspection->day)
        .text("kind", inspection->kind)
        .text("finding", inspection->finding)
        .text_if("violation_kind", found.violation)
        .text_if("theft_method", found.theft)
        .text_if("hazard_kind", found.hazard)
        .text_if("hazard_level", found.level)
        .integer("hazard_count", found.hazards)
        .decimal("recovered_kwh", recovered, 3)
        .decimal("recovered_cny", recovered ? std::optional(*recovered * 0.7) : std::nullopt, 2)
        // The rules of supply: twice the price difference for misuse, three times the energy for theft.
        .decimal("penalty_cny",
                 recovered ? std::optional(*recovered * 0.7 * (*found.theft != '\0' ? 3 : 2)) : std::nullopt, 2)
        .date("rectify_by", found.rectify_by)
        .date("rectified_on", found.rectified)
        .date("rechecked_on", found.rechecked)
        .boolean("recheck_passed", found.passed)
        .boolean("reported_to_government", std::string_view(found.level) == "major")
        .text("staff_id", world.staff.somebody("inspector", customer.area, i).id)
        .text("description", found.text);
    FENQUN_CHECK(row.end());
  }
  return {};
}

Result<void> write_other_income(const World& world, const Portion& portion, TableFile& table) {
  const auto month = world.timeline.month(portion.t);
  const auto product_of = [](std::string_view kind) {
    if (kind == "energy_service") return "能效诊断与托管";
    if (kind == "maintenance") return "配电设施代维";
    return kind == "ev_charging" ? "充电服务" : "设备与场地租赁";
  };
  NamedRow row(table);
  for (auto i = portion.first; i < portion.last; ++i) {
    const auto income = world.service.income(i, world.customers[i], portion.t);
    if (!income) continue;
    row.text("income_id", running_id('F', month, portion.part, table.rows()))
        .text("customer_id", world.customer_id(i))
        .date("booked_on", income->day)
        .text("kind", income->kind)
        .scaled("amount_cny", income->amount_fen, 2)
        .text("product", product_of(income->kind));
    FENQUN_CHECK(row.end());
  }
  return {};
}

Result<void> write_tickets(const World& world, const Portion& portion, TableFile& table) {
  TicketRows rows(world, table);
  return for_tickets(world, portion, [&](const std::string& id, const Ticket& ticket) { return rows.add(id, ticket); });
}

}  // namespace fenqun::datagen
