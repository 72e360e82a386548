// api/routes.hpp - all routes there are, by what they are about. Level 7.
#pragma once

#include "api/route.hpp"
#include "api/service.hpp"
#include "ingest/ingest.hpp"

namespace fenqun::api {

std::vector<Route> session_routes();   // setup, session
std::vector<Route> user_routes();      // users, roles, keys
std::vector<Route> trail_routes();     // audit, exports, health
std::vector<Route> document_routes();  // openapi

std::vector<Route> job_routes();       // jobs
std::vector<Route> lookup_routes();    // search, route
std::vector<Route> customer_routes();  // customers
std::vector<Route> data_routes();      // batches, quarantine, preparations, dictionary
std::vector<Route> group_routes();     // schemes, runs, publications, portraits
std::vector<Route> export_routes();    // customers/export
std::vector<Route> portrait_routes();  // portraits/{run}
std::vector<Route> reason_routes();    // explanations, preview, readiness
std::vector<Route> upload_routes();    // uploads
std::vector<Route> place_routes();     // customers/filters, map
std::vector<Route> overview_routes();  // overview, org-units, lines
std::vector<Route> order_routes();     // orders, orders of a customer
std::vector<Route> event_routes();     // events
std::vector<Route> strategy_routes();  // strategies
std::vector<Route> notice_routes();    // notices
std::vector<Route> calendar_routes();  // calendar
std::vector<Route> campaign_routes();  // campaigns, arrears, consent
std::vector<Route> point_routes();     // points of employees

/// What each kind of job does.
std::map<std::string, JobWork> job_kinds(Service& service);
/// Of kind ingest: loads an upload.
JobWork upload_work(Service& service);

/// Entities of facts that GET /customers/{customer} shows.
std::vector<std::string> customer_facts();

/// Adds up what the overview of the latest month tells to those who see all customers, unless that is kept already.
/// Errors: Database, Cancelled.
Result<void> prepare_overview(Service& service, app::Session& session);

/// Every route of the program.
std::vector<Route> all_routes();

/// What the server has to say of itself on /metrics, beside the requests.
std::string gauges_text(Service& service);

/// The OpenAPI document as it ships: YAML, and the same as JSON. Errors: NotFound, BadData.
Result<std::string> openapi_yaml();
Result<Json> openapi_json();

// How things look in answers.
Json json_of(const BilingualText& text);
Json json_of(const app::PublishedGroup& group);
/// The name of an entity, also of one kept aside; the entity itself where no contract knows it.
Json entity_title(const warehouse::ContractSet& contracts, const std::string& entity);
/// Names of units; an id without one keeps it as its name. Errors: Unavailable, Database.
Result<Json> units_json(Service& service, const std::vector<std::string>& ids);
template <typename Page>
Json page_json(const Request& request, Json items, const Page& total) {
  return {{"items", std::move(items)}, {"total", total}, {"page", request.page()}, {"page_size", request.page_size()}};
}

}  // namespace fenqun::api
