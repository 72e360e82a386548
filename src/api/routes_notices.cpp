// api/routes_notices.cpp - notices to customers: the log, what is sent again, receipts of the other side; orders as a
// calendar.
#include "api/routes.hpp"

#include "outbox/outbox.hpp"
#include "warehouse/database.hpp"

namespace fenqun::api {
namespace {

constexpr std::size_t kLongestDetail = 256;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

// One whose customer is out of scope is not there.
Result<void> need_notice(app::Session& session, const access::VisibleData& visible, const std::string& notice) {
  FENQUN_TRY(const auto found, session.workspace.connection().query_integer(
                                   "SELECT count(*) FROM notice WHERE notice_id = " + warehouse::sql_text(notice) +
                                   " AND " + visible.in_scope("customer_id")));
  if (found > 0) return {};
  return fail(ErrorCode::NotFound, "outbox.no_notice", {{"notice", notice}});
}

// Texts name the customer and recipients are numbers: both only where the role sees them in clear.
Result<Response> list_notices(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(auto lease, service.session(request.language));
  outbox::NoticeFilter filter{request.text("state"), request.text("channel"), request.text("customer"),
                              request.page_size(),   request.offset(),        visible.in_scope("customer_id")};
  FENQUN_TRY(const auto found, outbox::list_notices(lease->workspace, filter));
  const auto* const contract = lease->workspace.contracts().find("customer");
  const auto* const phone = contract == nullptr ? nullptr : contract->find("contact_phone");
  const auto* const name = contract == nullptr ? nullptr : contract->find("customer_name");
  const bool in_clear = name != nullptr && visible.sight_of(*contract, *name) == access::Sight::Clear;
  Json items = Json::array();
  for (const auto& one : found.notices) {
    const auto recipient = phone == nullptr ? std::string() : visible.shown(*contract, *phone, one.recipient);
    items.push_back({{"notice", one.notice_id},
                     {"order", one.order_id},
                     {"customer_id", one.customer_id},
                     {"channel", one.channel},
                     {"recipient", or_null(recipient)},
                     {"text", in_clear ? Json(one.text) : Json(nullptr)},
                     {"state", one.state},
                     {"attempts", one.attempts},
                     {"due_at", one.due_at},
                     {"last_error", or_null(one.last_error)},
                     {"changed_at", one.changed_at}});
  }
  return Response::json(page_json(request, std::move(items), found.found));
}

Result<Response> retry_notice(Service& service, Request& request) {
  request.subject = request.text("notice");
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_CHECK(need_notice(*lease, service.visible(request.viewer()), request.subject));
  FENQUN_CHECK(outbox::retry(lease->workspace, request.subject, local_text(service.now())));
  return Response::json({{"notice", request.subject}, {"state", "queued"}});
}

Result<Response> take_receipt(Service& service, Request& request) {
  request.subject = request.text("notice");
  const bool delivered = request.body["delivered"].get<bool>();
  request.detail = delivered ? "delivered" : "undelivered";
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_CHECK(need_notice(*lease, service.visible(request.viewer()), request.subject));
  FENQUN_CHECK(outbox::take_receipt(lease->workspace, request.subject, delivered, request.field("detail"),
                                    local_text(service.now())));
  return Response::json({{"notice", request.subject}, {"state", request.detail}});
}

}  // namespace

std::vector<Route> notice_routes() {
  const auto notice = in_path("notice");
  return {{"GET",
           "/notices",
           "notices.read",
           {page_parameter(),
            page_size_parameter(),
            text_query("customer", 64),
            {"state",
             Place::Query,
             Kind::Choice,
             Need::Optional,
             0,
             0,
             {"queued", "sending", "sent", "awaiting", "delivered", "undelivered", "dead", "unsure", "incomplete",
              "no_recipient", "withdrawn"}},
            {"channel",
             Place::Query,
             Kind::Choice,
             Need::Optional,
             0,
             0,
             {"sms", "wechat", "email", "phone", "paper", "bulletin", "online"}}},
           list_notices,
           Audited::Later},
          {"POST", "/notices/{notice}/retry", "notices.send", {notice}, retry_notice, Audited::Now},
          {"POST",
           "/notices/{notice}/receipt",
           "events.send",
           {notice,
            {"delivered", Place::Body, Kind::Boolean, Need::Required},
            text_field("detail", Need::Optional, 0, kLongestDetail)},
           take_receipt,
           Audited::Now,
           BodyKind::Object}};
}

}  // namespace fenqun::api
