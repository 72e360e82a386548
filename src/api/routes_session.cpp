// api/routes_session.cpp - the first administrator, logging in and out, who am I.
#include "api/routes.hpp"

#include "access/secret.hpp"
#include "api/gate.hpp"
#include "base/build_id.hpp"
#include "warehouse/database.hpp"

namespace fenqun::api {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestPassword = 256;
constexpr std::size_t kLeastPassword = 10;
constexpr const char* kFirstRole = "administrator";

Result<Json> me_json(Service& service, const access::Admission& in) {
  const auto& viewer = in.viewer;
  Json rights = Json::array();
  for (const auto& right : viewer.role->rights) rights.push_back(right);
  FENQUN_TRY(auto scope, units_json(service, viewer.scope.units));
  FENQUN_TRY(const auto about, service.about());
  return Json{{"user", viewer.user},
              {"display_name", viewer.display_name},
              {"role", viewer.role->name},
              {"role_title", json_of(viewer.role->title)},
              {"rights", std::move(rights)},
              {"scope", std::move(scope)},
              {"sees_all", viewer.sees_everybody()},
              {"sees_personal", access::name_of(viewer.role->personal)},
              {"sees_sensitive", access::name_of(viewer.role->sensitive)},
              {"language", code_of(viewer.language)},
              {"csrf", in.csrf},
              {"must_change_password", in.must_change_password},
              {"expires_at", local_text(in.expires)},
              {"workspace", {{"name", about.name}, {"synthetic", about.synthetic}, {"build", build_id()}}}};
}

Result<Response> let_in(Service& service, Request& request, const access::Login& login, int status) {
  request.admission = login.admission;
  request.language = login.admission.viewer.language;
  FENQUN_TRY(const auto me, me_json(service, login.admission));
  auto out = Response::json(me, status);
  out.headers.emplace_back("Set-Cookie", session_cookie(login.token, request.is_secure, service.rules().longest));
  return out;
}

Result<Response> ask_setup(Service& service, Request& /*request*/) {
  return Response::json({{"needed", service.door().needs_first_user()}});
}

Result<Response> set_up(Service& service, Request& request) {
  request.subject = request.field("user");
  if (!service.door().needs_first_user()) return fail(ErrorCode::Conflict, "access.first_user_there");
  const auto& token = service.setup_token();
  if (token.empty() || !access::equal_secrets(request.field("token"), token)) {
    return fail(ErrorCode::Denied, "api.wrong_token", {{"field", "token"}});
  }
  const auto password = request.field("password");
  FENQUN_TRY(const auto made, service.door().add_first_user({request.field("user"), request.field("display_name"),
                                                             kFirstRole, access::Scope::all(), password}));
  FENQUN_TRY(const auto login, service.door().log_in(made.user.name, password, request.address));
  return let_in(service, request, login, 201);
}

Result<Response> who_am_i(Service& service, Request& request) {
  FENQUN_TRY(const auto me, me_json(service, *request.admission));
  return Response::json(me);
}

Result<Response> log_in(Service& service, Request& request) {
  request.subject = request.field("user");
  FENQUN_TRY(const auto login,
             service.door().log_in(request.field("user"), request.field("password"), request.address));
  return let_in(service, request, login, 200);
}

Result<void> refuse_machine(const Request& request) {
  if (!request.viewer().is_machine) return {};
  return fail(ErrorCode::Denied, "api.not_for_keys");
}

Result<Response> change_me(Service& service, Request& request) {
  FENQUN_CHECK(refuse_machine(request));
  auto& in = *request.admission;
  request.subject = in.viewer.user;
  if (request.body.contains("password") && !request.body["password"].is_null()) {
    request.detail = "password";
    FENQUN_CHECK(service.door().change_password(in.viewer.user, request.field("old_password"),
                                                request.field("password"), in.token_hash));
    in.must_change_password = false;
  }
  if (const auto language = request.field("language"); !language.empty()) {
    FENQUN_TRY(const auto wanted, parse_language(language));
    FENQUN_CHECK(service.door().set_language(in.viewer.user, wanted));
    in.viewer.language = wanted;
    request.language = wanted;
  }
  return who_am_i(service, request);
}

Result<Response> log_out(Service& service, Request& request) {
  FENQUN_CHECK(refuse_machine(request));
  FENQUN_CHECK(service.door().log_out(request.admission->token_hash));
  auto out = Response::nothing();
  out.headers.emplace_back("Set-Cookie", session_cookie("", request.is_secure, {}));
  return out;
}

}  // namespace

std::vector<Route> session_routes() {
  const auto user = text_field("user", Need::Required, 1, kLongestName);
  const std::string self(kSelf);
  const std::string open(kPublic);
  return {
      {"GET", "/setup", open, {}, ask_setup},
      {"POST",
       "/setup",
       open,
       {text_field("token", Need::Required, 0, kLongestPassword), user,
        text_field("password", Need::Required, kLeastPassword, kLongestPassword),
        text_field("display_name", Need::Optional, 0, kLongestName)},
       set_up,
       Audited::Now,
       BodyKind::Object},
      {"GET", "/session", self, {}, who_am_i},
      {"POST",
       "/session",
       open,
       {user, text_field("password", Need::Required, 1, kLongestPassword)},
       log_in,
       Audited::Now,
       BodyKind::Object},
      {"PATCH",
       "/session",
       self,
       {{"language", Place::Body, Kind::Choice, Need::Optional, 0, 2, {"zh", "en"}},
        text_field("password", Need::Optional, kLeastPassword, kLongestPassword),
        text_field("old_password", Need::Optional, 0, kLongestPassword)},
       change_me,
       Audited::Now,
       BodyKind::Object},
      {"DELETE", "/session", self, {}, log_out, Audited::Now},
  };
}

}  // namespace fenqun::api
