// api/customer_filter.cpp
#include "api/customer_filter.hpp"

#include "app/directory.hpp"
#include "warehouse/database.hpp"

#include <fmt/format.h>

#include <array>

namespace fenqun::api {

using warehouse::sql_name;
using warehouse::sql_text;

namespace {

constexpr std::size_t kLongestQuery = 64;
constexpr std::array<std::string_view, 6> kFilters = {"category", "industry",         "tariff_class",
                                                      "status",   "importance_grade", "location_kind"};

// Customers of a group that is in force.
std::string in_group(const std::string& scheme, const std::string& group, Month now) {
  return fmt::format("customer_id IN (SELECT customer_id FROM membership WHERE scheme = {} AND group_code = {} AND {})",
                     sql_text(scheme), sql_text(group), app::in_force(now));
}

}  // namespace

std::vector<Parameter> customer_filter_parameters() {
  std::vector<Parameter> out;
  for (const auto* const name : {"scheme", "group", "category", "industry", "tariff_class", "status",
                                 "importance_grade", "location_kind", "org_unit", "line"}) {
    out.push_back(text_query(name));
  }
  out.push_back(text_query("q", kLongestQuery));
  return out;
}

Result<std::string> customer_filter(const Request& request, const access::VisibleData& visible, Month now) {
  std::string out = "true";
  for (const auto name : kFilters) {
    if (request.has(name)) out += " AND " + sql_name(name) + " = " + sql_text(request.text(name));
  }
  if (request.has("line")) out += " AND feeder_id = " + sql_text(request.text("line"));
  if (request.has("org_unit")) {
    const auto units = access::units_below({request.text("org_unit")});
    out += fmt::format(" AND (station_id IN {0} OR community_id IN {0} OR transformer_area_id IN {0})", units);
  }
  if (request.has("group") != request.has("scheme")) {
    return fail(ErrorCode::InvalidArgument, "api.group_and_scheme", {{"field", "group"}});
  }
  if (request.has("group")) out += " AND " + in_group(request.text("scheme"), request.text("group"), now);
  if (request.has("q")) {
    const auto part = sql_text(request.text("q"));
    const bool by_name = visible.may_search("customer", "customer_name");
    out += " AND (contains(customer_id, " + part + ")" + (by_name ? " OR contains(customer_name, " + part + ")" : "") +
           ")";
  }
  return out;
}

Result<void> need_customer(app::Session& session, const access::VisibleData& visible, const std::string& customer) {
  FENQUN_TRY(const auto found, session.workspace.connection().query_integer("SELECT count(*) FROM " +
                                                                            visible.rows_of("customer", customer)));
  if (found > 0) return {};
  return fail(ErrorCode::NotFound, "api.no_such_customer", {{"customer", customer}});
}

}  // namespace fenqun::api
