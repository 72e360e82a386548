// api/routes_users.cpp - users, roles and the keys of machines.
#include "api/routes.hpp"

#include "warehouse/database.hpp"

#include <algorithm>
#include <map>

namespace fenqun::api {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestPassword = 256;
constexpr std::size_t kLeastPassword = 10;
constexpr double kMostDays = 3650;
constexpr const char* kManage = "users.manage";

Json moment_json(const std::optional<access::Moment>& moment) {
  return moment ? Json(local_text(*moment)) : Json(nullptr);
}

Result<Json> user_json(Service& service, const access::User& user) {
  FENQUN_TRY(auto scope, units_json(service, user.scope.units));
  return Json{{"user", user.name},
              {"display_name", user.display_name},
              {"role", user.role},
              {"scope", std::move(scope)},
              {"sees_all", user.scope.everybody},
              {"staff_id", user.staff_id.empty() ? Json(nullptr) : Json(user.staff_id)},
              {"disabled", user.disabled},
              {"must_change_password", user.must_change_password},
              {"created_at", local_text(user.created)},
              {"last_login_at", moment_json(user.last_login)},
              {"locked_until", moment_json(service.door().locked_until(user.name))},
              {"sessions", service.door().sessions_of(user.name)}};
}

Result<Json> key_json(Service& service, const access::Key& key) {
  FENQUN_TRY(auto scope, units_json(service, key.scope.units));
  return Json{{"key", key.id},
              {"name", key.name},
              {"role", key.role},
              {"scope", std::move(scope)},
              {"sees_all", key.scope.everybody},
              {"created_by", key.created_by},
              {"created_at", local_text(key.created)},
              {"expires_at", moment_json(key.expires)},
              {"revoked", key.revoked}};
}

// The rows of a page out of all.
template <typename T, typename ToJson>
Result<Response> page_of(Service& service, const Request& request, const std::vector<T>& all, const ToJson& to_json) {
  Json items = Json::array();
  const auto begin = std::min<std::size_t>(static_cast<std::size_t>(request.offset()), all.size());
  const auto end = std::min<std::size_t>(begin + static_cast<std::size_t>(request.page_size()), all.size());
  for (auto n = begin; n < end; ++n) {
    FENQUN_TRY(auto one, to_json(service, all[n]));
    items.push_back(std::move(one));
  }
  return Response::json(page_json(request, std::move(items), all.size()));
}

// A unit that does not exist would let somebody see nobody, and a misspelt one goes unseen.
Result<void> check_units(Service& service, const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  FENQUN_TRY(auto lease, service.session(Language::Chinese));
  for (const auto& id : ids) {
    FENQUN_TRY(const auto known, lease->workspace.connection().query_integer(
                                     "SELECT count(*) FROM m_org_unit WHERE org_unit_id = " + warehouse::sql_text(id)));
    if (known == 0) return fail(ErrorCode::InvalidArgument, "api.no_such_unit", {{"field", "scope"}, {"unit", id}});
  }
  return {};
}

// Work that nobody of that number does would be noted as somebody's.
Result<void> check_staff(Service& service, const std::string& staff) {
  if (staff.empty()) return {};
  FENQUN_TRY(auto lease, service.session(Language::Chinese));
  FENQUN_TRY(const auto known, lease->workspace.connection().query_integer(
                                   "SELECT count(*) FROM m_staff WHERE staff_id = " + warehouse::sql_text(staff)));
  if (known == 0)
    return fail(ErrorCode::InvalidArgument, "api.no_such_staff", {{"field", "staff_id"}, {"staff", staff}});
  return {};
}

// Everybody's customers, or those of units; without either nobody's.
Result<access::Scope> scope_of(Service& service, const Request& request) {
  const auto at = request.body.find("sees_all");
  access::Scope out{request.field_texts("scope"), at != request.body.end() && at->is_boolean() && at->get<bool>()};
  if (out.everybody && !out.units.empty())
    return fail(ErrorCode::InvalidArgument, "api.scope_twice", {{"field", "scope"}});
  FENQUN_CHECK(check_units(service, out.units));
  return out;
}

Result<Response> list_users(Service& service, Request& request) {
  return page_of(service, request, service.door().users(), user_json);
}

Result<Response> list_keys(Service& service, Request& request) {
  return page_of(service, request, service.door().keys(), key_json);
}

Result<Response> list_roles(Service& service, Request& /*request*/) {
  Json items = Json::array();
  for (const auto& role : service.rules().all()) {
    Json rights = Json::array();
    for (const auto& right : role.rights) rights.push_back(right);
    items.push_back({{"role", role.name},
                     {"title", json_of(role.title)},
                     {"rights", std::move(rights)},
                     {"sees_personal", access::name_of(role.personal)},
                     {"sees_sensitive", access::name_of(role.sensitive)}});
  }
  Json rights = Json::array();
  for (const auto& right : service.rules().rights()) {
    rights.push_back({{"right", right.name}, {"title", json_of(right.title)}});
  }
  return Response::json({{"items", std::move(items)}, {"rights", std::move(rights)}});
}

Result<Response> tell_user(Service& service, const access::UserOutcome& outcome, int status) {
  FENQUN_TRY(auto json, user_json(service, outcome.user));
  if (!outcome.initial_password.empty()) json["initial_password"] = outcome.initial_password;
  return Response::json(json, status);
}

Result<Response> add_user(Service& service, Request& request) {
  request.subject = request.field("user");
  request.detail = "role " + request.field("role");
  FENQUN_TRY(const auto scope, scope_of(service, request));
  FENQUN_CHECK(check_staff(service, request.field("staff_id")));
  FENQUN_TRY(const auto made,
             service.door().add_user({request.field("user"), request.field("display_name"), request.field("role"),
                                      scope, request.field("password"), request.field("staff_id")},
                                     request.viewer().user));
  return tell_user(service, made, 201);
}

Result<Response> change_user(Service& service, Request& request) {
  const auto given = [&](const char* name) { return request.body.contains(name) && !request.body[name].is_null(); };
  access::UserChange change;
  if (given("display_name")) change.display_name = request.field("display_name");
  if (given("role")) change.role = request.field("role");
  if (given("disabled")) change.disabled = request.body["disabled"].get<bool>();
  change.unlock = given("unlock") && request.body["unlock"].get<bool>();
  change.reset_password = given("reset_password") && request.body["reset_password"].get<bool>();
  request.subject = request.text("user");
  request.detail = request.body.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (given("staff_id")) {
    FENQUN_CHECK(check_staff(service, request.field("staff_id")));
    change.staff_id = request.field("staff_id");
  }
  if (given("scope") || given("sees_all")) {
    FENQUN_TRY(change.scope, scope_of(service, request));
  }
  FENQUN_TRY(const auto changed, service.door().change_user(request.subject, change));
  return tell_user(service, changed, 200);
}

Result<Response> add_key(Service& service, Request& request) {
  request.subject = request.field("name");
  request.detail = "role " + request.field("role");
  FENQUN_TRY(const auto scope, scope_of(service, request));
  std::optional<std::chrono::days> lasts;
  if (request.body.contains("expires_in_days") && !request.body["expires_in_days"].is_null()) {
    lasts = std::chrono::days(request.body["expires_in_days"].get<int>());
  }
  FENQUN_TRY(const auto made,
             service.door().add_key(request.field("name"), request.field("role"), scope, lasts, request.viewer().user));
  FENQUN_TRY(auto json, key_json(service, made.key));
  json["secret"] = made.secret;
  return Response::json(json, 201);
}

Result<Response> revoke_key(Service& service, Request& request) {
  request.subject = request.text("key");
  FENQUN_CHECK(service.door().revoke_key(request.subject));
  return Response::nothing();
}

}  // namespace

Json json_of(const BilingualText& text) { return {{"zh", text.zh}, {"en", text.en}}; }

Result<Json> units_json(Service& service, const std::vector<std::string>& ids) {
  Json out = Json::array();
  if (ids.empty()) return out;
  std::string list;
  for (const auto& id : ids) list += (list.empty() ? "" : ", ") + warehouse::sql_text(id);
  FENQUN_TRY(auto lease, service.session(Language::Chinese));
  FENQUN_TRY(const auto found,
             lease->workspace.connection().query(
                 "SELECT org_unit_id, unit_name FROM m_org_unit WHERE org_unit_id IN (" + list + ")"));
  std::map<std::string, std::string> names;
  for (std::size_t r = 0; r < found.rows.size(); ++r) names[found.text(r, 0)] = found.text(r, 1);
  for (const auto& id : ids) {
    const auto& name = names[id];
    out.push_back({{"id", id}, {"name", name.empty() ? id : name}});
  }
  return out;
}

std::vector<Route> user_routes() {
  const Parameter scope{"scope", Place::Body, Kind::Texts};
  const Parameter everybody{"sees_all", Place::Body, Kind::Boolean};
  const auto display = text_field("display_name", Need::Optional, 0, kLongestName);
  const auto role = text_field("role", Need::Required, 1, kLongestName);
  const auto staff = text_field("staff_id", Need::Optional, 0, kLongestName);
  return {
      {"GET", "/roles", kManage, {}, list_roles},
      {"GET", "/users", kManage, {page_parameter(), page_size_parameter()}, list_users},
      {"POST",
       "/users",
       kManage,
       {text_field("user", Need::Required, 1, kLongestName), display, role, scope, everybody, staff,
        text_field("password", Need::Optional, kLeastPassword, kLongestPassword)},
       add_user,
       Audited::Now,
       BodyKind::Object},
      {"PATCH",
       "/users/{user}",
       kManage,
       {in_path("user"),
        display,
        text_field("role", Need::Optional, 1, kLongestName),
        scope,
        everybody,
        staff,
        {"disabled", Place::Body, Kind::Boolean},
        {"unlock", Place::Body, Kind::Boolean},
        {"reset_password", Place::Body, Kind::Boolean}},
       change_user,
       Audited::Now,
       BodyKind::Object},
      {"GET", "/keys", kManage, {page_parameter(), page_size_parameter()}, list_keys},
      {"POST",
       "/keys",
       kManage,
       {text_field("name", Need::Required, 1, kLongestName),
        role,
        scope,
        everybody,
        {"expires_in_days", Place::Body, Kind::Integer, Need::Optional, 1, kMostDays}},
       add_key,
       Audited::Now,
       BodyKind::Object},
      {"DELETE", "/keys/{key}", kManage, {in_path("key")}, revoke_key, Audited::Now},
  };
}

}  // namespace fenqun::api
