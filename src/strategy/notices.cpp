// strategy/notices.cpp
#include "strategy/notices.hpp"

#include "strategy/consent.hpp"
#include "strategy/new_order.hpp"

#include <fmt/format.h>

namespace fenqun::strategy {
namespace {

using warehouse::sql_text;
using warehouse::Workspace;

// What a variable of a message is, as SQL over the rows that make_notices() joins.
std::string value_of(const std::string& variable, const Library& library) {
  if (variable == "customer_name") return "c.customer_name";
  if (variable == "customer_id") return "o.customer_id";
  if (variable == "month") return "strftime(o.month, '%Y年%-m月')";
  if (variable == "arrears_cny") return "CAST(CAST(w.arrears_cny AS DECIMAL(18,2)) AS VARCHAR)";
  if (variable == "manager_name") return "s.staff_name";
  if (variable == "manager_phone") return "s.phone";
  if (variable == "station_name") return "u.unit_name";
  if (variable == "hotline") return sql_text(library.rules.hotline);
  if (variable == "due_on") return "strftime(o.due_on, '%Y年%-m月%-d日')";
  return "NULL";  // of an occasion: what happened is not known here
}

// Who is told by a channel.
constexpr const char* kRecipient =
    "CASE o.channel WHEN 'email' THEN (SELECT any_value(email) FROM m_contact k WHERE k.customer_id = o.customer_id "
    "AND "
    "k.email <> '') WHEN 'wechat' THEN coalesce((SELECT any_value(wechat_name) FROM m_contact k WHERE k.customer_id = "
    "o.customer_id AND k.wechat_name <> ''), c.contact_phone) WHEN 'paper' THEN c.address WHEN 'bulletin' THEN "
    "coalesce(o.area_id, c.station_id) WHEN 'online' THEN o.customer_id ELSE c.contact_phone END";

}  // namespace

Result<NoticesMade> make_notices(Workspace& workspace, const Library& library, Month month, const std::string& now) {
  auto& connection = workspace.connection();
  const auto of_month = "month = DATE " + sql_text(month.first_date()) +
                        " AND order_type = 'notice' AND state IN "
                        "('open', 'accepted')";
  NoticesMade out;
  FENQUN_TRY(out.orders, connection.query_integer("SELECT count(*) FROM work_order WHERE " + of_month));
  std::string messages;
  const auto note = [&messages](const std::string& cell, const Action& action) {
    if (action.message.zh.empty()) return;
    messages += fmt::format("{}({}, {})", messages.empty() ? "" : ", ", sql_text(cell + "." + action.name),
                            sql_text(action.message.zh));
  };
  for (const auto& campaign : library.campaigns) note(campaign.name, campaign.action);
  for (const auto& book : library.books) {
    for (const auto& cell : book.cells) {
      for (const auto& action : cell.actions) {
        note(cell.name, action);
      }
    }
  }
  if (messages.empty() || out.orders == 0) return out;
  std::string text = "m.message";
  std::string lacks;
  for (const auto& variable : message_variables()) {
    const auto value = value_of(variable, library);
    const auto place = sql_text("{" + variable + "}");
    text = fmt::format("replace({}, {}, coalesce({}, ''))", text, place, value);
    lacks +=
        fmt::format("{}(contains(m.message, {}) AND coalesce({}, '') = '')", lacks.empty() ? "" : " OR ", place, value);
  }
  FENQUN_TRY(const auto files, workspace.lake_files("wide"));
  std::optional<Month> latest;
  for (const auto& file : files) {
    if (file.month <= month) latest = std::max(latest.value_or(file.month), file.month);
  }
  const auto wide =
      latest ? fmt::format("(SELECT customer_id, arrears_cny FROM wide WHERE as_of = DATE '{}')", latest->first_date())
             : std::string("(SELECT NULL::VARCHAR AS customer_id, NULL::DOUBLE AS arrears_cny)");
  const auto held = hold_orders();
  FENQUN_TRY(const auto before, connection.query_integer("SELECT count(*) FROM notice"));
  FENQUN_CHECK(connection.execute(fmt::format(
      "INSERT INTO notice SELECT notice_id, order_id, customer_id, channel, recipient, text, CASE WHEN lacks THEN "
      "'incomplete' WHEN coalesce(recipient, '') = '' THEN 'no_recipient' ELSE 'queued' END, 0, due_at, NULL, "
      "TIMESTAMP {0}, TIMESTAMP {0} FROM (SELECT md5('notice|' || o.order_id) AS notice_id, o.order_id, o.customer_id, "
      "o.channel, {1} AS recipient, {2} AS text, ({3}) AS lacks, CAST(o.begins_on AS TIMESTAMP) AS due_at FROM (SELECT "
      "* "
      "FROM work_order WHERE {4}) o JOIN (VALUES {5}) m(reason, message) ON m.reason = o.reasons JOIN m_customer c ON "
      "c.customer_id = o.customer_id LEFT JOIN {6} w ON w.customer_id = o.customer_id LEFT JOIN m_staff s ON "
      "s.staff_id = "
      "c.account_manager_id LEFT JOIN m_org_unit u ON u.org_unit_id = c.station_id) n WHERE NOT EXISTS (SELECT 1 FROM "
      "notice x WHERE x.notice_id = n.notice_id)",
      sql_text(now), kRecipient, text, lacks, of_month, messages, wide)));
  FENQUN_TRY(const auto after, connection.query_integer("SELECT count(*) FROM notice"));
  out.made = after - before;
  FENQUN_TRY(
      const auto made,
      connection.query("SELECT count(CASE WHEN state = 'queued' THEN 1 END), count(CASE WHEN state = 'incomplete' "
                       "THEN 1 END), count(CASE WHEN state = 'no_recipient' THEN 1 END) FROM notice WHERE attempts "
                       "= 0 AND created_at = TIMESTAMP " +
                       sql_text(now)));
  if (out.made > 0) {
    out.queued = made.integer(0, 0);
    out.incomplete = made.integer(0, 1);
    out.no_recipient = made.integer(0, 2);
  }
  return out;
}

Result<std::int64_t> withdraw_notices(Workspace& workspace, const std::string& now) {
  auto& connection = workspace.connection();
  const auto held = hold_orders();
  const std::string gone =
      "SELECT n.notice_id FROM notice n JOIN work_order o ON o.order_id = n.order_id WHERE n.state = 'queued' AND "
      "(o.state = 'cancelled' OR (o.is_marketing AND o.customer_id IN (SELECT customer_id FROM " +
      opted_out_sql() + " x)))";
  FENQUN_TRY(const auto count, connection.query_integer("SELECT count(*) FROM (" + gone + ")"));
  if (count == 0) return count;
  FENQUN_CHECK(connection.execute("UPDATE notice SET state = 'withdrawn', changed_at = TIMESTAMP " + sql_text(now) +
                                  " WHERE notice_id IN (" + gone + ")"));
  return count;
}

Result<std::int64_t> close_told_orders(Workspace& workspace, const std::string& now) {
  auto& connection = workspace.connection();
  const auto held = hold_orders();
  const std::string told =
      "SELECT o.order_id, o.state, CASE n.state WHEN 'undelivered' THEN 'undelivered' ELSE 'delivered' END AS outcome "
      "FROM work_order o JOIN notice n ON n.order_id = o.order_id WHERE o.order_type = 'notice' AND o.state IN "
      "('open', "
      "'accepted') AND n.state IN ('sent', 'delivered', 'undelivered')";
  FENQUN_TRY(const auto count, connection.query_integer("SELECT count(*) FROM (" + told + ")"));
  if (count == 0) return count;
  FENQUN_CHECK(connection.execute("BEGIN"));
  const auto at = "TIMESTAMP " + sql_text(now);
  for (const auto& statement :
       {"INSERT INTO work_order_event SELECT t.order_id, 1 + (SELECT coalesce(max(sequence), 0) FROM work_order_event "
        "e "
        "WHERE e.order_id = t.order_id), " +
            at + ", 'outbox', 'finish', t.state, 'closed', t.outcome, NULL, NULL FROM (" + told + ") t",
        "UPDATE work_order SET state = 'closed', outcome = t.outcome, changed_at = " + at + " FROM (" + told +
            ") t WHERE t.order_id = work_order.order_id"}) {
    if (auto done = connection.execute(statement); !done) {
      static_cast<void>(connection.execute("ROLLBACK"));
      return tl::make_unexpected(done.error());
    }
  }
  FENQUN_CHECK(connection.execute("COMMIT"));
  return count;
}

}  // namespace fenqun::strategy
