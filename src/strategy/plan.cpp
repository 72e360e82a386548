// strategy/plan.cpp
#include "strategy/plan.hpp"

#include "base/file.hpp"
#include "strategy/consent.hpp"
#include "strategy/new_order.hpp"
#include "strategy/roster.hpp"
#include "strategy/seen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace fenqun::strategy {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

// An action of a month, with its cell.
struct Planned {
  const Book* book = nullptr;
  const Cell* cell = nullptr;
  const Action* action = nullptr;
  std::size_t cell_place = 0;
};

std::string date_sql(Month month) { return "DATE " + sql_text(month.first_date()); }
std::string truth(bool value) { return value ? "TRUE" : "FALSE"; }
// Months since year 0: which customers' turn it is in a cadence.
int turn_of(Month month) { return month.year() * 12 + month.month_of_year() - 1; }
// The same for ever for a name.
unsigned offset_of(const std::string& name) {
  return static_cast<unsigned>(std::stoul(hash_text(name).substr(0, 6), nullptr, 16));
}

class Planner {
 public:
  Planner(Workspace& workspace, const Library& library, const PlanRequest& request, const std::string& scratch)
      : workspace_(workspace), library_(library), request_(request), scratch_(sql_name(scratch)) {
    outcome_.month = request.month;
    outcome_.library = library.fingerprint;
    for (const auto& book : library.books) {
      for (const auto& cell : book.cells) {
        cell_names_[cell.name] = cells_.size();
        cells_.push_back(&cell);
        for (const auto& action : cell.actions) {
          if (action.on == Occasion::Month) planned_.push_back({&book, &cell, &action, cells_.size() - 1});
        }
      }
    }
  }

  Result<void> work_out() {
    FENQUN_CHECK(look_at_customers());
    FENQUN_CHECK(enter_actions());
    FENQUN_CHECK(ask());
    FENQUN_CHECK(bundle());
    FENQUN_CHECK(count_contacts());
    FENQUN_CHECK(collide());
    FENQUN_CHECK(hold_back());
    FENQUN_CHECK(find_days());
    FENQUN_CHECK(make_orders());
    return count();
  }

  Result<void> keep(Workspace::Scratch& scratch) {
    const auto month = date_sql(request_.month);
    FENQUN_TRY(outcome_.plan_id, ask_number("SELECT coalesce(max(plan_id), 0) + 1 FROM service_plan"));
    FENQUN_TRY(const auto numbered,
               ask_number("SELECT coalesce(max(number), 0) FROM work_order WHERE month = " + month));
    const auto plan = std::to_string(outcome_.plan_id);
    return workspace_.commit(
        scratch.folder(), {},
        {fmt::format(
             "INSERT INTO work_order SELECT '{}-' || lpad(CAST({} + number AS VARCHAR), 6, '0'), {} + number, "
             "order_key, order_type, customer_id, area_id, {}, {}, 'open', owner_id, second_owner_id, "
             "owner_role, channel, is_urgent, is_marketing, begins_on, due_on, effort_minutes, reasons, service, "
             "now()::TIMESTAMP, now()::TIMESTAMP, 0, NULL, NULL, 0, NULL FROM {} WHERE is_new",
             request_.month.text(), numbered, numbered, month, plan, table("made")),
         "DELETE FROM suppressed_action WHERE plan_id > 0 AND month = " + month,
         fmt::format("INSERT INTO suppressed_action SELECT {}, {}, customer_id, cell, name, order_type, reason, detail "
                     "FROM {}",
                     plan, month, table("held_back")),
         fmt::format("INSERT INTO strategy_version SELECT {0}, {1}, now()::TIMESTAMP WHERE NOT EXISTS (SELECT 1 FROM "
                     "strategy_version WHERE library = {0})",
                     sql_text(library_.fingerprint), sql_text(library_.text)),
         fmt::format("INSERT INTO service_plan VALUES ({}, {}, {}, {}, {}, now()::TIMESTAMP, {}, {}, {}, {}, {}, {})",
                     plan, month, date_sql(outcome_.features_of), sql_text(library_.fingerprint), sql_text(request_.by),
                     outcome_.customers, outcome_.wanted, outcome_.suppressed, outcome_.joined, outcome_.orders,
                     outcome_.created)});
  }

  [[nodiscard]] PlanOutcome take() { return std::move(outcome_); }

 private:
  [[nodiscard]] std::string table(const char* name) const { return scratch_ + "." + name; }
  Result<void> make(const char* name, const std::string& sql) {
    return workspace_.connection().execute("CREATE TABLE " + table(name) + " AS " + sql);
  }
  Result<std::int64_t> ask_number(const std::string& sql) { return workspace_.connection().query_integer(sql); }

  Result<void> look_at_customers() {
    std::vector<const segment::Expression*> conditions;
    for (const auto* const cell : cells_) conditions.push_back(&cell->when);
    for (const auto& quieter : library_.rules.quieter) conditions.push_back(&quieter.when);
    FENQUN_TRY(auto seen, strategy::look_at_customers(workspace_, table("seen"), request_.month, conditions));
    outcome_.features_of = seen.features_of;
    outcome_.customers = seen.customers;
    outcome_.not_in_force = std::move(seen.not_in_force);
    return {};
  }

  [[nodiscard]] bool is_floor(std::size_t type) const {
    const auto& floor = library_.rules.floor;
    return std::find(floor.begin(), floor.end(), type) != floor.end();
  }

  Result<void> enter_actions() {
    FENQUN_CHECK(workspace_.connection().execute(
        "CREATE TABLE " + table("action") +
        " (action INTEGER, cell VARCHAR, name VARCHAR, order_type VARCHAR, type INTEGER, is_together BOOLEAN, "
        "is_contact "
        "BOOLEAN, is_marketing BOOLEAN, is_held BOOLEAN, is_urgent BOOLEAN, department INTEGER, channel VARCHAR, "
        "owner_role VARCHAR, by_days INTEGER, first_day INTEGER, last_day INTEGER, minutes INTEGER, team_of INTEGER, "
        "service VARCHAR)"));
    std::string values;
    for (std::size_t i = 0; i < planned_.size(); ++i) {
      const auto& action = *planned_[i].action;
      const auto& type = library_.types[action.order];
      const auto* const service = library_.find_service(action.service);
      values += fmt::format(
          "{}({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})", values.empty() ? "" : ", ",
          i, sql_text(planned_[i].cell->name), sql_text(action.name), sql_text(type.code), action.order,
          truth(type.is_together), truth(type.is_contact), truth(library_.is_marketing(action)),
          truth(!action.is_urgent && !is_floor(action.order)), truth(action.is_urgent), planned_[i].book->department,
          sql_text(name_of(action.channel)), sql_text(name_of(action.owner)), action.by_days,
          action.days ? std::to_string(action.days->first) : "NULL",
          action.days ? std::to_string(action.days->second) : "NULL",
          // A notice only tells of the service.
          type.effort_minutes > 0 && service != nullptr && service->effort_minutes > 0 ? service->effort_minutes
                                                                                       : type.effort_minutes,
          type.team_of, action.service.empty() ? "NULL" : sql_text(action.service));
    }
    if (values.empty()) return {};
    return workspace_.connection().execute("INSERT INTO " + table("action") + " VALUES " + values);
  }

  // Which actions each customer's cells call for; 2 x action, + 1 where another cell goes before.
  Result<void> ask() {
    std::string flags;
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      flags += fmt::format(", coalesce({}, FALSE) AS c{}", cells_[c]->when.sql(table("seen")), c);
    }
    std::string quieter = "CASE";
    for (const auto& rule : library_.rules.quieter) {
      quieter += fmt::format(" WHEN {} THEN {}", rule.when.sql(table("seen")), rule.month);
    }
    quieter = library_.rules.quieter.empty() ? "NULL::INTEGER" : quieter + " END";
    std::string list;
    for (std::size_t i = 0; i < planned_.size(); ++i) {
      const auto& planned = planned_[i];
      std::string before;
      for (const auto& other : planned.cell->yields_to) {
        before += (before.empty() ? "" : " OR ") + fmt::format("c{}", cell_names_.at(other));
      }
      const int every = planned.action->every_months;
      const auto mine = fmt::format("c{}", planned.cell_place);
      const auto turn = every == 1 ? std::string()
                                   : fmt::format(" AND (draw + {}) % {} = {}", offset_of(planned.cell->name), every,
                                                 turn_of(request_.month) % every);
      list += (list.empty() ? "" : ", ") +
              fmt::format("CASE WHEN {}{} THEN {} END", mine, turn,
                          before.empty() ? std::to_string(2 * i)
                                         : fmt::format("{} + CASE WHEN {} THEN 1 ELSE 0 END", 2 * i, before));
    }
    FENQUN_CHECK(
        make("called", fmt::format("SELECT customer_id, unnest(list_filter([{}]::INTEGER[], lambda x: x IS NOT "
                                   "NULL)) AS mark FROM (SELECT customer_id, draw{} FROM {})",
                                   list, flags, table("seen"))));
    FENQUN_CHECK(make("caps", "SELECT customer_id, cap FROM (SELECT customer_id, " + quieter + " AS cap FROM " +
                                  table("seen") + ") WHERE cap IS NOT NULL"));
    FENQUN_TRY(outcome_.wanted, ask_number("SELECT count(*) FROM " + table("called")));
    const std::string unknown = library_.rules.unknown_consent_allows ? "NULL" : sql_text(kConsentUnknown);
    FENQUN_CHECK(make("asked", fmt::format("SELECT k.customer_id, a.*, CASE WHEN k.mark % 2 = 1 THEN {} WHEN "
                                           "a.is_marketing AND NOT s.consents THEN {} WHEN a.is_marketing AND "
                                           "s.consents IS NULL THEN {} END AS reason FROM {} k JOIN {} a ON a.action = "
                                           "k.mark // 2 JOIN {} s ON s.customer_id = k.customer_id",
                                           sql_text(kYields), sql_text(kNoConsent), unknown, table("called"),
                                           table("action"), table("seen"))));
    return make("held_back", "SELECT customer_id, cell, name, order_type, reason, NULL::VARCHAR AS detail FROM " +
                                 table("asked") + " WHERE reason IS NOT NULL");
  }

  // Reasons that go together become one order; what the first of them says counts, the earliest due date too.
  Result<void> bundle() {
    return make(
        "bundle",
        "SELECT customer_id, type, CASE WHEN is_together THEN -1 ELSE action END AS part, any_value(order_type) AS "
        "order_type, list(action ORDER BY department, action) AS actions, min(department) AS department, "
        "bool_or(is_urgent) AS is_urgent, bool_and(is_held) AS is_held, bool_and(is_marketing) AS is_marketing, "
        "any_value(is_contact) AS is_contact, arg_min(channel, department * 100000 + action) AS channel, "
        "arg_min(owner_role, department * 100000 + action) AS owner_role, min(by_days) AS by_days, min(first_day) AS "
        "first_day, min(last_day) AS last_day, max(minutes) AS minutes, any_value(team_of) AS team_of, "
        "string_agg(DISTINCT service, ', ' ORDER BY service) AS service FROM " +
            table("asked") + " WHERE reason IS NULL GROUP BY customer_id, type, part");
  }

  // Orders of `from` for which a reason is given leave it for held_back, action by action.
  Result<void> hold(const std::string& from, const std::string& detail) {
    return workspace_.connection().execute(
        "INSERT INTO " + table("held_back") + " SELECT b.customer_id, a.cell, a.name, b.order_type, b.reason, " +
        detail + " FROM (SELECT *, unnest(actions) AS one FROM " + from + " WHERE reason IS NOT NULL) b JOIN " +
        table("action") + " a ON a.action = b.one");
  }

  Result<void> collide() {
    std::string reason;
    std::string detail;
    for (const auto& rule : library_.rules.collisions) {
      const auto holds =
          fmt::format("bit_count(m.mask & (1::BIGINT << {})) > 0 AND b.type <> {} AND {}", rule.first, rule.first,
                      rule.second ? fmt::format("b.type = {}", *rule.second) : "b.is_marketing");
      reason += fmt::format(" WHEN {} THEN {}", holds, sql_text(library_.types[rule.first].code));
    }
    const auto first = reason.empty() ? "NULL::VARCHAR" : "CASE WHEN NOT b.is_held THEN NULL" + reason + " END";
    FENQUN_CHECK(make("collided", "SELECT *, CASE WHEN detail IS NOT NULL THEN " + sql_text(kCollides) +
                                      " END AS reason FROM (SELECT b.*, " + first + " AS detail FROM " +
                                      table("bundle") +
                                      " b JOIN (SELECT customer_id, bit_or(1::BIGINT << type) AS mask "
                                      "FROM " +
                                      table("bundle") + " GROUP BY customer_id) m ON m.customer_id = b.customer_id)"));
    return hold(table("collided"), "b.detail");
  }

  // What events and campaigns have asked of customers in the month counts against the caps.
  Result<void> count_contacts() {
    std::string contacts;
    for (const auto& type : library_.types) {
      if (type.is_contact) contacts += (contacts.empty() ? "" : ", ") + sql_text(type.code);
    }
    return make("contacted", "SELECT customer_id, channel, count(*) AS contacts FROM work_order WHERE month = " +
                                 date_sql(request_.month) +
                                 " AND plan_id = 0 AND verifies IS NULL AND state <> 'cancelled' AND "
                                 "order_type IN (" +
                                 (contacts.empty() ? "''" : contacts) + ") GROUP BY ALL");
  }

  // Those not to be held back first, then by department, kind of order and place in the books.
  Result<void> hold_back() {
    constexpr const char* kOrder = "is_held, department, type, part, actions[1]";
    std::string cap = "CASE b.channel";
    for (const auto& [channel, most] : library_.rules.channel_caps) {
      cap += fmt::format(" WHEN {} THEN {}", sql_text(name_of(channel)), most);
    }
    cap = library_.rules.channel_caps.empty() ? "NULL::INTEGER" : cap + " END";
    FENQUN_CHECK(
        make("by_channel",
             fmt::format("SELECT b.* EXCLUDE (reason, place), CASE WHEN is_contact AND is_held AND place + "
                         "coalesce(e.contacts, 0) > {} THEN {} END AS reason FROM (SELECT *, row_number() OVER "
                         "(PARTITION BY customer_id, channel, is_contact ORDER BY {}) AS place FROM {} WHERE reason IS "
                         "NULL) b LEFT JOIN {} e ON e.customer_id = b.customer_id AND e.channel = b.channel",
                         cap, sql_text(kChannelCap), kOrder, table("collided"), table("contacted"))));
    FENQUN_CHECK(hold(table("by_channel"), "b.channel"));
    FENQUN_CHECK(make(
        "capped", fmt::format("SELECT b.* EXCLUDE (reason, place), CASE WHEN is_contact AND is_held AND place + "
                              "coalesce(e.contacts, 0) > coalesce(c.cap, {0}) THEN CASE WHEN c.cap IS NULL OR c.cap >= "
                              "{0} THEN {1} ELSE {2} "
                              "END END AS reason FROM (SELECT *, row_number() OVER (PARTITION BY customer_id, "
                              "is_contact ORDER BY {3}) AS place FROM {4} WHERE reason IS NULL) b LEFT JOIN {5} c ON "
                              "c.customer_id = b.customer_id LEFT JOIN (SELECT customer_id, CAST(sum(contacts) AS "
                              "BIGINT) AS contacts FROM {6} GROUP BY customer_id) e ON e.customer_id = b.customer_id",
                              library_.rules.month_cap, sql_text(kMonthCap), sql_text(kQuieter), kOrder,
                              table("by_channel"), table("caps"), table("contacted"))));
    return hold(table("capped"), "NULL");
  }

  // Working days from the month's first on: of the calendar where it knows the day, else Monday to Friday.
  Result<void> find_days() {
    return make(
        "workday",
        fmt::format("SELECT day, row_number() OVER (ORDER BY day) AS place FROM (SELECT d.day, c.is_holiday FROM "
                    "(SELECT unnest(generate_series({0}, {0} + INTERVAL 130 DAY, INTERVAL 1 DAY))::DATE AS day) d "
                    "LEFT JOIN m_calendar_day c ON c.day = d.day) WHERE NOT coalesce(is_holiday, isodow(day) > 5)",
                    date_sql(request_.month)));
  }

  Result<void> make_orders() {
    FENQUN_CHECK(assign_employees(workspace_, scratch_, request_.month,
                                  "(SELECT * FROM " + table("capped") + " WHERE reason IS NULL)"));
    const auto month = date_sql(request_.month);
    const auto key = "md5(concat_ws('|', " + sql_text(request_.month.text()) +
                     ", o.order_type, o.customer_id, CASE WHEN o.part >= 0 THEN a.cell || '.' || a.name END))";
    FENQUN_CHECK(make(
        "made",
        fmt::format(
            "SELECT n.*, w.order_key IS NULL AS is_new, CASE WHEN w.order_key IS NULL THEN row_number() OVER "
            "(PARTITION BY "
            "w.order_key IS NULL ORDER BY n.customer_id, n.order_type, n.order_key) END AS number FROM (SELECT {} AS "
            "order_key, o.order_type, o.type, o.customer_id, o.area_id, o.owner_id, CASE WHEN o.second_id <> "
            "o.owner_id "
            "THEN o.second_id END AS second_owner_id, o.owner_role, o.channel, o.is_urgent, o.is_marketing, o.team_of, "
            "coalesce({} + (o.first_day - 1)::INTEGER, f.day) AS begins_on, coalesce({} + (o.last_day - 1)::INTEGER, "
            "d.day) "
            "AS due_on, o.minutes AS effort_minutes, o.reasons, o.service FROM (SELECT * EXCLUDE (actions), actions[1] "
            "AS "
            "first_action, array_to_string(list_transform(actions, lambda x: {}[x + 1]), ', ') AS reasons FROM {}) o "
            "JOIN "
            "{} a ON a.action = o.first_action JOIN {} f ON f.place = 1 LEFT JOIN {} d ON d.place = o.by_days) n LEFT "
            "JOIN "
            "work_order w ON w.order_key = n.order_key",
            key, month, month, action_names(), table("owned"), table("action"), table("workday"), table("workday"))));
    return {};
  }

  // "cell.action" of each planned action, as a list of SQL.
  [[nodiscard]] std::string action_names() const {
    std::string out;
    for (const auto& one : planned_) {
      out += (out.empty() ? "[" : ", ") + sql_text(one.cell->name + "." + one.action->name);
    }
    return out.empty() ? "([]::VARCHAR[])" : out + "]";
  }

  Result<void> count() {
    auto& connection = workspace_.connection();
    FENQUN_TRY(const auto types, connection.query("SELECT type, count(*), count(CASE WHEN is_new THEN 1 END), "
                                                  "CAST(sum(effort_minutes * team_of) AS BIGINT) FROM " +
                                                  table("made") + " GROUP BY type ORDER BY type"));
    for (std::size_t r = 0; r < types.rows.size(); ++r) {
      outcome_.types.push_back({static_cast<std::size_t>(types.integer(r, 0)), types.integer(r, 1), types.integer(r, 2),
                                types.integer(r, 3)});
      outcome_.orders += types.integer(r, 1);
      outcome_.created += types.integer(r, 2);
    }
    FENQUN_TRY(outcome_.unasked,
               ask_number("SELECT count(*) FROM work_order w WHERE month = " + date_sql(request_.month) +
                          " AND plan_id > 0 AND state = 'open' AND NOT EXISTS (SELECT 1 FROM " + table("made") +
                          " m WHERE m.order_key = w.order_key)"));
    FENQUN_TRY(outcome_.touched, ask_number("SELECT count(DISTINCT customer_id) FROM " + table("made")));
    FENQUN_TRY(const auto staff,
               connection.query(
                   "SELECT coalesce(id, ''), coalesce(any_value(s.staff_name), ''), coalesce(any_value(s.role), "
                   "any_value(o.owner_role)), count(*), CAST(sum(minutes) AS BIGINT) FROM (SELECT owner_id AS "
                   "id, CASE WHEN owner_id IS NULL THEN owner_role END AS owner_role, effort_minutes AS "
                   "minutes FROM " +
                   table("made") + " UNION ALL SELECT second_owner_id, NULL, effort_minutes FROM " + table("made") +
                   " WHERE second_owner_id IS NOT NULL) o LEFT JOIN m_staff s ON s.staff_id = o.id GROUP BY "
                   "id, o.owner_role ORDER BY 5 DESC, 4 DESC, 1"));
    for (std::size_t r = 0; r < staff.rows.size(); ++r) {
      outcome_.employees.push_back(
          {staff.text(r, 0), staff.text(r, 1), staff.text(r, 2), staff.integer(r, 3), staff.integer(r, 4)});
    }
    FENQUN_TRY(const auto held, connection.query("SELECT reason, count(*), count(DISTINCT customer_id) FROM " +
                                                 table("held_back") + " GROUP BY reason ORDER BY 2 DESC, 1"));
    for (std::size_t r = 0; r < held.rows.size(); ++r) {
      outcome_.by_reason.push_back({held.text(r, 0), held.integer(r, 1), held.integer(r, 2)});
      outcome_.suppressed += held.integer(r, 1);
    }
    outcome_.joined = outcome_.wanted - outcome_.suppressed - outcome_.orders;
    return {};
  }

  Workspace& workspace_;
  const Library& library_;
  const PlanRequest& request_;
  std::string scratch_;
  PlanOutcome outcome_;
  std::vector<const Cell*> cells_;
  std::map<std::string, std::size_t> cell_names_;
  std::vector<Planned> planned_;
};

}  // namespace

Result<PlanOutcome> plan_month(Workspace& workspace, const Library& library, const PlanRequest& request) {
  if (request.by.find_first_not_of(" \t") == std::string::npos) {
    return fail(ErrorCode::InvalidArgument, "strategy.by_missing");
  }
  FENQUN_TRY(auto scratch, workspace.scratch("plan", Workspace::ScratchPlace::InMemory));
  Planner planner(workspace, library, request, scratch.catalogue());
  FENQUN_CHECK(planner.work_out());
  if (request.keep) {
    const auto held = hold_orders();
    FENQUN_CHECK(planner.keep(scratch));
  }
  return planner.take();
}

Result<SuppressedList> list_suppressed(Workspace& workspace, const SuppressedFilter& filter) {
  std::string where = " WHERE TRUE";
  if (filter.month) where += " AND month = " + date_sql(*filter.month);
  if (!filter.customer.empty()) where += " AND customer_id = " + sql_text(filter.customer);
  if (!filter.reason.empty()) where += " AND reason = " + sql_text(filter.reason);
  SuppressedList out;
  FENQUN_TRY(out.found, workspace.connection().query_integer("SELECT count(*) FROM suppressed_action" + where));
  FENQUN_TRY(const auto found, workspace.connection().query(
                                   "SELECT strftime(month, '%Y-%m'), customer_id, cell, action, order_type, reason, "
                                   "coalesce(detail, '') FROM suppressed_action" +
                                   where + " ORDER BY month, customer_id, cell, action" +
                                   (filter.limit > 0 ? " LIMIT " + std::to_string(filter.limit) : "")));
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    FENQUN_TRY(const auto month, Month::parse(found.text(r, 0)));
    out.actions.push_back({month, found.text(r, 1), found.text(r, 2), found.text(r, 3), found.text(r, 4),
                           found.text(r, 5), found.text(r, 6)});
  }
  return out;
}

}  // namespace fenqun::strategy
