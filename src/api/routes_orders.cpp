// api/routes_orders.cpp - work orders: lists, days, one with all that belongs to it, what is done with it; of a
// customer also what plans held back.
#include "api/routes.hpp"

#include "api/customer_filter.hpp"
#include "app/strategies.hpp"
#include "strategy/attachments.hpp"
#include "warehouse/database.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace fenqun::api {
namespace {

using strategy::Move;

constexpr std::int64_t kMostOrders = 100;
constexpr std::int64_t kMostStaff = 100;
constexpr std::size_t kLongestNote = 1000;
constexpr std::size_t kLongestCode = 64;
constexpr std::size_t kLongestName = 255;

Json reasons_json(const strategy::Library& library, const std::string& reasons) {
  Json out = Json::array();
  for (std::size_t at = 0; at < reasons.size();) {
    const auto end = std::min(reasons.find(", ", at), reasons.size());
    const auto reason = reasons.substr(at, end - at);
    const auto* const action = library.find_action(reason);
    out.push_back({{"reason", reason}, {"text", action == nullptr ? Json(nullptr) : json_of(action->text)}});
    at = end + 2;
  }
  return out;
}

Json type_json(const strategy::Library& library, const std::string& code) {
  const auto* const type = library.find_type(code);
  return {{"code", code}, {"title", type == nullptr ? Json(nullptr) : json_of(type->title)}};
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json outcome_json(const strategy::Library& library, const strategy::WorkOrder& order) {
  const auto* const type = library.find_type(order.type);
  if (order.outcome.empty() || type == nullptr) return or_null(order.outcome);
  const auto found = std::find_if(type->outcomes.begin(), type->outcomes.end(),
                                  [&](const strategy::OrderOutcome& one) { return one.code == order.outcome; });
  return found == type->outcomes.end() ? Json(order.outcome) : json_of(found->title);
}

// Names of employees, as the viewer may see them.
class StaffNames {
 public:
  static Result<StaffNames> of(app::Session& session, const access::VisibleData& visible,
                               const std::vector<strategy::WorkOrder>& orders) {
    StaffNames out;
    std::string ids;
    for (const auto& order : orders) {
      for (const auto& id : {order.owner_id, order.second_owner_id}) {
        if (!id.empty()) ids += (ids.empty() ? "" : ", ") + warehouse::sql_text(id);
      }
    }
    if (ids.empty()) return out;
    FENQUN_TRY(const auto found,
               session.workspace.connection().query("SELECT staff_id, staff_name, phone FROM " +
                                                    visible.rows_of("staff") + " WHERE staff_id IN (" + ids + ")"));
    for (std::size_t r = 0; r < found.rows.size(); ++r) {
      out.names_[found.text(r, 0)] = {found.is_null(r, 1) ? "" : found.text(r, 1),
                                      found.is_null(r, 2) ? "" : found.text(r, 2)};
    }
    return out;
  }
  [[nodiscard]] Json json(const std::string& id) const {
    if (id.empty()) return nullptr;
    const auto at = names_.find(id);
    if (at == names_.end()) return {{"staff_id", id}, {"name", nullptr}, {"phone", nullptr}};
    return {{"staff_id", id}, {"name", or_null(at->second.first)}, {"phone", or_null(at->second.second)}};
  }

 private:
  std::map<std::string, std::pair<std::string, std::string>> names_;
};

Json order_json(const strategy::Library& library, const strategy::WorkOrder& order, const StaffNames& staff) {
  return {{"order", order.order_id},
          {"type", type_json(library, order.type)},
          {"customer_id", order.customer_id},
          {"month", order.month.text()},
          {"state", strategy::name_of(order.state)},
          {"urgent", order.is_urgent},
          {"channel", order.channel},
          {"owner", staff.json(order.owner_id)},
          {"second_owner", staff.json(order.second_owner_id)},
          {"begins_on", order.begins_on},
          {"due_on", order.due_on},
          {"effort_minutes", order.effort_minutes},
          {"reopened", order.reopened},
          {"outcome", outcome_json(library, order)},
          {"verifies", or_null(order.verifies)},
          {"escalation", order.escalation},
          {"reasons", reasons_json(library, order.reasons)}};
}

std::string today(const Service& service) { return local_text(service.now()).substr(0, 10); }

// Which orders a request is about: of customers in scope, and what its filter says.
Result<strategy::OrderFilter> filter_of(const Service& service, const Request& request,
                                        const access::VisibleData& visible) {
  strategy::OrderFilter out;
  out.customers_sql = visible.in_scope("customer_id");
  out.type = request.text("type");
  out.owner = request.text("owner") == "me" ? request.viewer().worker() : request.text("owner");
  out.customer = request.text("customer");
  out.campaign = request.text("campaign");
  out.due_on = request.text("due_on");
  if (request.has("month")) {
    FENQUN_TRY(out.month, Month::parse(request.text("month")));
  }
  if (request.has("state")) {
    FENQUN_TRY(out.state, strategy::parse_state(request.text("state")));
  }
  if (request.has("overdue")) out.overdue_on = today(service);
  return out;
}

Result<Response> list_orders(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto library, service.library(*lease));
  FENQUN_TRY(auto filter, filter_of(service, request, visible));
  filter.limit = request.page_size();
  filter.offset = request.offset();
  FENQUN_TRY(const auto found, strategy::list_orders(lease->workspace, filter));
  FENQUN_TRY(const auto staff, StaffNames::of(*lease, visible, found.orders));
  Json items = Json::array();
  for (const auto& order : found.orders) items.push_back(order_json(*library, order, staff));
  auto all = filter;
  all.state.reset();
  all.overdue_on.clear();
  all.due_on.clear();
  FENQUN_TRY(const auto sum, strategy::summarize_orders(lease->workspace, all, today(service)));
  auto out = page_json(request, std::move(items), found.found);
  out["summary"] = {{"open", sum.open},
                    {"accepted", sum.accepted},
                    {"done", sum.done},
                    {"closed", sum.closed},
                    {"cancelled", sum.cancelled},
                    {"overdue", sum.overdue},
                    {"due_in_7_days", sum.due_in_7_days},
                    {"minutes", sum.minutes}};
  Json types = Json::array();
  for (const auto& type : library->types) types.push_back({{"code", type.code}, {"title", json_of(type.title)}});
  out["types"] = std::move(types);
  return Response::json(out);
}

Result<Response> tell_days(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(auto filter, filter_of(service, request, visible));
  const auto month = filter.month.value_or(service.this_month());
  filter.month.reset();
  FENQUN_TRY(const auto days, strategy::order_days(lease->workspace, filter, month));
  Json items = Json::array();
  for (const auto& day : days) {
    items.push_back({{"day", day.day}, {"orders", day.orders}, {"open", day.open}, {"minutes", day.minutes}});
  }
  return Response::json({{"month", month.text()}, {"items", std::move(items)}});
}

Result<Response> tell_coverage(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(auto filter, filter_of(service, request, visible));
  if (!filter.month) filter.month = service.this_month();
  const auto by = request.text("by") == "owner" ? strategy::CoverageBy::Owner : strategy::CoverageBy::Area;
  FENQUN_TRY(const auto rows, strategy::cover(lease->workspace, filter, by, today(service)));
  Json items = Json::array();
  for (const auto& one : rows) {
    items.push_back({{"key", or_null(one.key)},
                     {"name", or_null(one.name)},
                     {"planned", one.planned},
                     {"done", one.done},
                     {"checked", one.checked},
                     {"in_time", one.in_time},
                     {"overdue", one.overdue}});
  }
  return Response::json({{"month", filter.month->text()}, {"items", std::move(items)}});
}

// Which right a move needs.
std::string_view right_of(Move move) {
  const bool is_work = move == Move::Accept || move == Move::Record || move == Move::Finish;
  return is_work ? "orders.work" : "orders.manage";
}

Json moves_json(const access::Viewer& viewer, strategy::OrderState state) {
  Json out = Json::array();
  for (const auto move : strategy::moves_from(state)) {
    if (viewer.may(right_of(move))) out.push_back(strategy::name_of(move));
  }
  return out;
}

Json form_json(const strategy::OrderType& type) {
  Json out = Json::array();
  for (const auto& field : type.form) {
    Json choices = Json::array();
    for (const auto& one : field.choices) choices.push_back({{"code", one.code}, {"title", json_of(one.title)}});
    out.push_back({{"field", field.name},
                   {"title", json_of(field.title)},
                   {"kind", strategy::name_of(field.kind)},
                   {"required", field.required},
                   {"choices", std::move(choices)}});
  }
  return out;
}

Json events_json(const strategy::OrderType* type, const std::vector<strategy::OrderEvent>& events) {
  Json out = Json::array();
  for (const auto& event : events) {
    Json form = Json::array();
    for (const auto& [name, value] : event.form) {
      Json title = nullptr;
      Json told = nullptr;
      for (const auto& field : type == nullptr ? std::vector<strategy::FormField>() : type->form) {
        if (field.name != name) continue;
        title = json_of(field.title);
        for (const auto& choice : field.choices) {
          if (choice.code == value) told = json_of(choice.title);
        }
      }
      form.push_back({{"field", name}, {"title", std::move(title)}, {"value", value}, {"text", std::move(told)}});
    }
    Json outcome = or_null(event.outcome);
    for (const auto& one : type == nullptr ? std::vector<strategy::OrderOutcome>() : type->outcomes) {
      if (one.code == event.outcome) outcome = json_of(one.title);
    }
    out.push_back({{"at", event.at.substr(0, 16)},
                   {"by", event.by},
                   {"move", event.move},
                   {"to", strategy::name_of(event.to)},
                   {"outcome", std::move(outcome)},
                   {"note", or_null(event.note)},
                   {"form", std::move(form)}});
  }
  return out;
}

Result<Json> customer_json(app::Session& session, const access::VisibleData& visible, const std::string& customer) {
  FENQUN_TRY(const auto found,
             session.workspace.connection().query("SELECT customer_name, contact_phone, address, category FROM " +
                                                  visible.rows_of("customer", customer)));
  if (found.rows.empty()) return fail(ErrorCode::NotFound, "api.no_such_customer", {{"customer", customer}});
  const auto text = [&](std::size_t column) {
    return found.is_null(0, column) ? Json(nullptr) : Json(found.text(0, column));
  };
  return Json{{"customer_id", customer},
              {"customer_name", text(0)},
              {"phone", text(1)},
              {"address", text(2)},
              {"category", text(3)}};
}

Json file_json(const strategy::Attachment& file) {
  return {{"file", file.file_id}, {"name", file.name},         {"media_type", file.media_type},
          {"bytes", file.bytes},  {"added_by", file.added_by}, {"added_at", file.added_at}};
}

// An order with all that whoever works on it needs.
Result<Json> whole_order(Service& service, const Request& request, app::Session& session,
                         const strategy::WorkOrder& order) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(const auto library, service.library(session));
  FENQUN_TRY(const auto staff, StaffNames::of(session, visible, {order}));
  FENQUN_TRY(auto customer, customer_json(session, visible, order.customer_id));
  FENQUN_TRY(const auto events, strategy::events_of(session.workspace, order.order_id));
  const auto* const type = library->find_type(order.type);
  auto out = order_json(*library, order, staff);
  out["customer"] = std::move(customer);
  out["area_id"] = or_null(order.area_id);
  out["moves"] = moves_json(request.viewer(), order.state);
  out["checklist"] = Json::array();
  for (const auto& one : library->checklist_of(order.type, order.reasons)) out["checklist"].push_back(json_of(one));
  out["form"] = type == nullptr ? Json::array() : form_json(*type);
  out["script"] = Json::array();
  out["contingencies"] = Json::array();
  if (type != nullptr) {
    for (const auto& one : type->script) out["script"].push_back(json_of(one));
    for (const auto& one : type->contingencies) {
      out["contingencies"].push_back({{"when", json_of(one.when)}, {"then", json_of(one.then)}});
    }
  }
  FENQUN_TRY(const auto files, strategy::list_attachments(session.workspace, order.order_id));
  out["files"] = Json::array();
  for (const auto& one : files) out["files"].push_back(file_json(one));
  Json outcomes = Json::array();
  for (const auto& one : type == nullptr ? std::vector<strategy::OrderOutcome>() : type->outcomes) {
    outcomes.push_back({{"code", one.code}, {"title", json_of(one.title)}, {"settles", one.settles}});
  }
  out["outcomes"] = std::move(outcomes);
  out["verified_by"] =
      type == nullptr || type->verified_by.empty() ? Json(nullptr) : type_json(*library, type->verified_by);
  out["events"] = events_json(type, events);
  return out;
}

// One whose customer is out of scope is not there.
Result<strategy::WorkOrder> order_of(Service& service, Request& request, app::Session& session) {
  request.subject = request.text("order");
  FENQUN_TRY(auto order, strategy::find_order(session.workspace, request.subject));
  const auto visible = service.visible(request.viewer());
  if (auto seen = need_customer(session, visible, order.customer_id); !seen) {
    if (seen.error().code != ErrorCode::NotFound) return tl::make_unexpected(seen.error());
    return fail(ErrorCode::NotFound, "strategy.no_order", {{"order", request.subject}});
  }
  return order;
}

Result<Response> tell_order(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto order, order_of(service, request, *lease));
  FENQUN_TRY(const auto json, whole_order(service, request, *lease, order));
  return Response::json(json);
}

Result<Response> move_order(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto order, order_of(service, request, *lease));
  FENQUN_TRY(const auto move, strategy::parse_move(request.field("move")));
  request.detail = request.field("move") + (request.field("outcome").empty() ? "" : " " + request.field("outcome"));
  if (!request.viewer().may(right_of(move))) {
    return fail(ErrorCode::Denied, "api.no_right",
                {{"right", std::string(right_of(move))}, {"role", request.viewer().role->name}});
  }
  strategy::MoveRequest wanted{order.order_id,           move, request.viewer().worker(), request.field("note"),
                               request.field("outcome"), {},   request.field("staff_id"), local_text(service.now())};
  if (const auto form = request.body.find("form"); form != request.body.end() && form->is_object()) {
    for (const auto& [name, value] : form->items()) wanted.form.emplace_back(name, value.get<std::string>());
  }
  if (const auto checked = request.body.find("checked"); checked != request.body.end()) {
    wanted.checked = checked->get<std::vector<std::string>>();
  }
  FENQUN_TRY(const auto library, service.library(*lease));
  FENQUN_TRY(const auto done, strategy::move_order(lease->workspace, *library, wanted));
  FENQUN_TRY(auto json, whole_order(service, request, *lease, done.order));
  json["checker"] = done.checker ? Json(done.checker->order_id) : Json(nullptr);
  json["checked"] = done.checked ? Json(done.checked->order_id) : Json(nullptr);
  return Response::json(json);
}

// Bytes of any number, of which no more are taken than a file may have.
Result<std::string> take_file(const Request& request) {
  std::string bytes;
  const bool ended = request.read_body && request.read_body([&](std::string_view piece) {
    bytes.append(piece);
    return bytes.size() <= strategy::kLargestAttachmentBytes;
  });
  if (ended || bytes.size() > strategy::kLargestAttachmentBytes) return bytes;
  return fail(ErrorCode::BadData, "api.upload_broken_off", {{"field", "body"}});
}

Result<Response> add_file(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto order, order_of(service, request, *lease));
  FENQUN_TRY(const auto bytes, take_file(request));
  FENQUN_TRY(const auto file, strategy::add_attachment(lease->workspace, order.order_id, request.text("name"), bytes,
                                                       request.viewer().worker(), local_text(service.now())));
  request.detail = file.name + " " + file.content_hash;
  return Response::json(file_json(file), 201);
}

Result<Response> send_file(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto order, order_of(service, request, *lease));
  FENQUN_TRY(const auto file, strategy::find_attachment(lease->workspace, order.order_id, request.text("file")));
  FENQUN_TRY(auto bytes, strategy::read_attachment(lease->workspace, file));
  request.detail = file.name;
  Response out;
  out.type = file.media_type;
  out.body = std::move(bytes);
  // Never run, whatever it is.
  out.headers = {{"Content-Disposition", "attachment; filename=\"" + file.file_id + "\""},
                 {"X-Content-Type-Options", "nosniff"}};
  return out;
}

// Who an order can be given to.
Result<Response> list_staff(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  std::string where = " WHERE (left_on IS NULL OR left_on >= DATE " + warehouse::sql_text(today(service)) + ")";
  if (const auto part = request.text("q"); !part.empty()) {
    where += " AND (contains(staff_id, " + warehouse::sql_text(part) + ") OR contains(coalesce(staff_name, ''), " +
             warehouse::sql_text(part) + "))";
  }
  if (request.has("role")) where += " AND role = " + warehouse::sql_text(request.text("role"));
  FENQUN_TRY(const auto found,
             lease->workspace.connection().query(
                 "SELECT staff_id, coalesce(staff_name, ''), coalesce(role, ''), coalesce(org_unit_id, '') FROM " +
                 visible.rows_of("staff") + where + " ORDER BY staff_id LIMIT " + std::to_string(kMostStaff)));
  Json items = Json::array();
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    items.push_back({{"staff_id", found.text(r, 0)},
                     {"name", or_null(found.text(r, 1))},
                     {"role", or_null(found.text(r, 2))},
                     {"org_unit_id", or_null(found.text(r, 3))}});
  }
  return Response::json({{"items", std::move(items)}});
}

// Each by itself: what cannot be done with one is told, the others are done.
Result<Response> move_orders(Service& service, Request& request) {
  FENQUN_TRY(const auto move, strategy::parse_move(request.field("move")));
  request.detail = request.field("move") + " " + std::to_string(request.field_texts("orders").size());
  if (!request.viewer().may(right_of(move))) {
    return fail(ErrorCode::Denied, "api.no_right",
                {{"right", std::string(right_of(move))}, {"role", request.viewer().role->name}});
  }
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto library, service.library(*lease));
  const auto visible = service.visible(request.viewer());
  std::int64_t done = 0;
  Json failed = Json::array();
  for (const auto& id : request.field_texts("orders")) {
    const auto moved = [&]() -> Result<void> {
      FENQUN_TRY(const auto order, strategy::find_order(lease->workspace, id));
      if (!need_customer(*lease, visible, order.customer_id)) {
        return fail(ErrorCode::NotFound, "strategy.no_order", {{"order", id}});
      }
      FENQUN_TRY([[maybe_unused]] const auto outcome, strategy::move_order(lease->workspace, *library,
                                                                           {id,
                                                                            move,
                                                                            request.viewer().worker(),
                                                                            request.field("note"),
                                                                            "",
                                                                            {},
                                                                            request.field("staff_id"),
                                                                            local_text(service.now())}));
      return {};
    }();
    if (moved) {
      done += 1;
    } else {
      failed.push_back({{"order", id}, {"detail", render_error(moved.error(), service.texts(request.language))}});
    }
  }
  return Response::json({{"done", done}, {"failed", std::move(failed)}});
}

Result<Response> tell_customer_orders(Service& service, Request& request) {
  const auto customer = request.text("customer");
  request.subject = customer;
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_CHECK(need_customer(*lease, visible, customer));
  FENQUN_TRY(const auto library, service.library(*lease));
  strategy::OrderFilter filter;
  filter.customer = customer;
  filter.limit = kMostOrders;
  filter.newest_first = true;
  FENQUN_TRY(const auto orders, strategy::list_orders(lease->workspace, filter));
  FENQUN_TRY(const auto staff, StaffNames::of(*lease, visible, orders.orders));
  Json items = Json::array();
  for (const auto& order : orders.orders) items.push_back(order_json(*library, order, staff));
  FENQUN_TRY(const auto held, strategy::list_suppressed(lease->workspace, {{}, customer, "", kMostOrders}));
  Json suppressed = Json::array();
  for (const auto& one : held.actions) {
    const auto* const action = library->find_action(one.cell + "." + one.action);
    suppressed.push_back({{"month", one.month.text()},
                          {"type", type_json(*library, one.order_type)},
                          {"cell", one.cell},
                          {"text", action == nullptr ? Json(nullptr) : json_of(action->text)},
                          {"reason", one.reason}});
  }
  return Response::json({{"total", orders.found}, {"items", std::move(items)}, {"suppressed", std::move(suppressed)}});
}

std::vector<Parameter> filter_parameters() {
  const Parameter state{
      "state", Place::Query, Kind::Choice, Need::Optional, 0, 0, {"open", "accepted", "done", "closed", "cancelled"}};
  return {month_parameter(),
          text_query("type", kLongestCode),
          state,
          text_query("owner", kLongestCode),
          text_query("customer", kLongestCode),
          text_query("campaign", kLongestCode),
          {"overdue", Place::Query, Kind::Choice, Need::Optional, 0, 0, {"only"}},
          {"due_on", Place::Query, Kind::Day}};
}

}  // namespace

std::vector<Route> order_routes() {
  auto listed = filter_parameters();
  listed.push_back(page_parameter());
  listed.push_back(page_size_parameter());
  auto covered = filter_parameters();
  covered.push_back({"by", Place::Query, Kind::Choice, Need::Optional, 0, 0, {"area", "owner"}});
  const auto order = in_path("order");
  return {
      {"GET", "/orders", "orders.read", listed, list_orders, Audited::Later},
      {"GET", "/orders/days", "orders.read", filter_parameters(), tell_days},
      {"GET", "/orders/coverage", "orders.read", covered, tell_coverage},
      {"POST",
       "/orders/moves",
       "orders.read",
       {{"orders", Place::Body, Kind::Texts, Need::Required},
        {"move", Place::Body, Kind::Choice, Need::Required, 0, 0, {"accept", "assign", "verify", "reopen", "cancel"}},
        text_field("note", Need::Optional, 0, kLongestNote),
        text_field("staff_id", Need::Optional, 0, kLongestCode)},
       move_orders,
       Audited::Now,
       BodyKind::Object},
      {"GET", "/staff", "orders.manage", {text_query("q", kLongestCode), text_query("role", kLongestCode)}, list_staff},
      {"GET", "/orders/{order}", "orders.read", {order}, tell_order, Audited::Later},
      {"POST",
       "/orders/{order}/moves",
       "orders.read",
       {order,
        {"move",
         Place::Body,
         Kind::Choice,
         Need::Required,
         0,
         0,
         {"accept", "assign", "record", "finish", "verify", "reopen", "cancel"}},
        text_field("outcome", Need::Optional, 0, kLongestCode),
        text_field("note", Need::Optional, 0, kLongestNote),
        text_field("staff_id", Need::Optional, 0, kLongestCode),
        {"form", Place::Body, Kind::Fields},
        {"checked", Place::Body, Kind::Texts}},
       move_order,
       Audited::Now,
       BodyKind::Object},
      {"POST",
       "/orders/{order}/files",
       "orders.work",
       {order, {"name", Place::Query, Kind::Text, Need::Required, 1, kLongestName}},
       add_file,
       Audited::Now,
       BodyKind::Stream},
      {"GET", "/orders/{order}/files/{file}", "orders.read", {order, in_path("file")}, send_file, Audited::Later},
      {"GET",
       "/customers/{customer}/orders",
       "customers.read",
       {in_path("customer")},
       tell_customer_orders,
       Audited::Later}};
}

}  // namespace fenqun::api
