// api/routes_lookup.cpp - search and routing, from the snapshot in memory; and the tree of units.
#include "api/routes.hpp"

#include "access/mask.hpp"
#include "app/directory.hpp"

#include <algorithm>

namespace fenqun::api {
namespace {

constexpr std::int64_t kHits = 20;
constexpr std::int64_t kMostHits = 50;
constexpr std::size_t kLongestQuery = 64;
constexpr std::size_t kMostMatches = 20;

// Fields of a customer as the viewer may see them, whatever they are read from.
class Shown {
 public:
  Shown(const access::VisibleData& visible, const warehouse::ContractSet& contracts)
      : visible_(visible), contracts_(contracts) {}
  [[nodiscard]] Json of(std::string_view entity, std::string_view name, std::string_view value) const {
    const auto* const contract = contracts_.find(entity);
    const auto* const field = contract == nullptr ? nullptr : contract->find(name);
    if (field == nullptr || value.empty()) return nullptr;
    auto text = visible_.shown(*contract, *field, std::string(value));
    return text.empty() ? Json(nullptr) : Json(std::move(text));
  }

 private:
  const access::VisibleData& visible_;
  const warehouse::ContractSet& contracts_;
};

Json unit_json(const app::Directory& directory, const std::string& unit) {
  if (unit.empty()) return nullptr;
  return {{"id", unit}, {"name", directory.unit_name(unit)}};
}

Json route_json(const app::Directory& directory, const Shown& shown, std::uint32_t row) {
  const auto groups = directory.groups(row);
  const auto& routing = directory.routing();
  Json said = Json::array();
  Json warned = Json::array();
  Json in_groups = Json::array();
  for (const auto* group : groups) in_groups.push_back(json_of(*group));
  std::string queue;
  bool green = false;
  for (const auto& rule : routing.rules) {
    const bool fits = std::any_of(groups.begin(), groups.end(), [&](const app::PublishedGroup* group) {
      return group->scheme == rule.scheme && group->group == rule.group;
    });
    if (!fits) continue;
    if (queue.empty()) queue = rule.queue;
    green = green || rule.green_channel;
    for (const auto& text : rule.say) said.push_back(json_of(text));
    for (const auto& text : rule.do_not) warned.push_back(json_of(text));
  }
  const auto* const chosen = routing.find_queue(queue.empty() ? routing.otherwise : queue);
  const auto* const primary = directory.primary_group(row);
  const auto* const manager = directory.manager(row);
  return {{"customer_id", directory.id(row)},
          {"customer_name", shown.of("customer", "customer_name", directory.name(row))},
          {"phone", shown.of("customer", "contact_phone", directory.phone(row))},
          {"category", directory.category(row)},
          {"groups", std::move(in_groups)},
          {"primary_group", primary == nullptr ? Json(nullptr) : json_of(*primary)},
          {"queue", {{"code", chosen->code}, {"title", json_of(chosen->title)}, {"priority", chosen->rank}}},
          {"green_channel", green},
          {"manager", manager == nullptr ? Json(nullptr)
                                         : Json{{"staff_id", manager->id},
                                                {"name", shown.of("staff", "staff_name", manager->name)},
                                                {"phone", shown.of("staff", "phone", manager->phone)}}},
          {"station", unit_json(directory, directory.station(row))},
          {"say", std::move(said)},
          {"do_not", std::move(warned)}};
}

Result<Response> look_up(Service& service, Request& request) {
  if (request.has("phone") == request.has("customer")) {
    return fail(ErrorCode::InvalidArgument, "api.phone_or_customer", {{"field", "phone"}});
  }
  const auto directory = service.directory();
  const auto visible = service.visible(request.viewer());
  std::vector<std::uint32_t> rows;
  if (request.has("phone")) {
    // Whoever finds customers by a number learns whose it is.
    if (!visible.may_search("customer", "contact_phone")) {
      return fail(ErrorCode::Denied, "api.may_not_search", {{"field", "phone"}});
    }
    rows = directory->by_phone(request.text("phone"));
  } else if (const auto row = directory->find(request.text("customer"))) {
    rows.push_back(*row);
  }
  const app::Directory::Scope scope(*directory, request.viewer().scope);
  const Shown shown(visible, service.workspace().contracts());
  Json matches = Json::array();
  for (const auto row : rows) {
    if (!scope.covers(row) || matches.size() >= kMostMatches) continue;
    matches.push_back(route_json(*directory, shown, row));
    request.subject += (request.subject.empty() ? "" : " ") + std::string(directory->id(row));
  }
  return Response::json({{"matches", std::move(matches)}, {"made_at", local_text(service.directory_made())}});
}

Result<Response> search(Service& service, Request& request) {
  const auto begun = std::chrono::steady_clock::now();
  const auto directory = service.directory();
  const auto visible = service.visible(request.viewer());
  const app::SearchScope fields{visible.may_search("customer", "customer_name"),
                                visible.may_search("customer", "contact_phone"),
                                visible.may_search("customer", "address")};
  const app::Directory::Scope scope(*directory, request.viewer().scope);
  const auto hits =
      directory->search(request.text("q"), fields, scope, static_cast<std::size_t>(request.integer("limit", kHits)));
  const Shown shown(visible, service.workspace().contracts());
  Json items = Json::array();
  for (const auto& hit : hits) {
    const auto& station = directory->station(hit.row);
    items.push_back({{"customer_id", directory->id(hit.row)},
                     {"customer_name", shown.of("customer", "customer_name", directory->name(hit.row))},
                     {"phone", shown.of("customer", "contact_phone", directory->phone(hit.row))},
                     {"address", shown.of("customer", "address", directory->address(hit.row))},
                     {"station_name", station.empty() ? Json(nullptr) : Json(directory->unit_name(station))},
                     {"matched", name_of(hit.found)}});
  }
  request.detail = std::to_string(items.size()) + " found";
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
  constexpr double kMicrosPerMilli = 1000;
  return Response::json(
      {{"items", std::move(items)}, {"took_ms", static_cast<double>(took.count()) / kMicrosPerMilli}});
}

}  // namespace

Json json_of(const app::PublishedGroup& group) {
  return {{"scheme", group.scheme},
          {"scheme_title", json_of(group.scheme_title)},
          {"group", group.group},
          {"title", json_of(group.title)}};
}

std::vector<Route> lookup_routes() {
  return {
      {"GET",
       "/search",
       "customers.read",
       {{"q", Place::Query, Kind::Text, Need::Required, 2, kLongestQuery},
        {"limit", Place::Query, Kind::Integer, Need::Optional, 1, kMostHits}},
       search,
       Audited::Later},
      {"GET", "/route", "route.read", {text_query("phone", 32), text_query("customer", 64)}, look_up, Audited::Later},
  };
}

}  // namespace fenqun::api
