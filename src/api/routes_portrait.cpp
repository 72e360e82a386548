// api/routes_portrait.cpp - what the groups of a run are like: indices, curves, the plane they lie on.
#include "api/routes.hpp"

#include "segment/definitions.hpp"
#include "segment/portrait.hpp"
#include "segment/profile.hpp"
#include "segment/run.hpp"

#include <algorithm>
#include <list>
#include <mutex>

namespace fenqun::api {
namespace {

struct Portrayed {
  segment::RunResult run;
  segment::Portrait portrait;
  segment::Profile profile;
};

/// The portraits that were asked for last: a run never changes, and its portrait takes seconds. For several threads.
class Portraits {
 public:
  Result<std::shared_ptr<const Portrayed>> of(app::Session& session, const std::string& run_id) {
    {
      const std::lock_guard lock(mutex_);
      const auto at =
          std::find_if(kept_.begin(), kept_.end(), [&](const auto& one) { return one->run.run_id == run_id; });
      if (at != kept_.end()) {
        kept_.splice(kept_.begin(), kept_, at);
        return kept_.front();
      }
    }
    FENQUN_TRY(auto run, segment::find_run(session.workspace, run_id));
    FENQUN_TRY(auto portrait, segment::make_portrait(session.workspace, session.catalogue, run));
    FENQUN_TRY(auto scheme, segment::scheme_of_run(session.workspace, session.catalogue, run));
    FENQUN_TRY(auto profiles, segment::make_profiles(session.workspace, session.catalogue, {&scheme, 1}, {&run, 1},
                                                     {&portrait, 1}, *session.pool));
    // Shared: answers go on with what they found while others push it out.
    auto made =
        std::make_shared<const Portrayed>(Portrayed{std::move(run), std::move(portrait), std::move(profiles.front())});
    const std::lock_guard lock(mutex_);
    kept_.push_front(made);
    if (kept_.size() > kMostKept) kept_.pop_back();
    return made;
  }

 private:
  static constexpr std::size_t kMostKept = 16;
  std::mutex mutex_;
  std::list<std::shared_ptr<const Portrayed>> kept_;
};

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// The longest of the groups' lists: that of a group of nobody may hold nothing.
template <typename Group, typename Lines>
const Lines& fullest(const std::vector<Group>& groups, Lines Group::*lines) {
  return (*std::max_element(groups.begin(), groups.end(),
                            [&](const Group& a, const Group& b) { return (a.*lines).size() < (b.*lines).size(); })).*
         lines;
}

// The line that is about the same, looked for first where it should stand; nullptr: there is none.
template <typename Line, typename Same>
const Line* line_of(const std::vector<Line>& lines, std::size_t place, const Same& same) {
  if (place < lines.size() && same(lines[place])) return &lines[place];
  const auto at = std::find_if(lines.begin(), lines.end(), same);
  return at == lines.end() ? nullptr : &*at;
}

/// Makes JSON of one portrait; what is said of too few customers is null.
class Teller {
 public:
  Teller(const Portrayed& of, const features::FeatureCatalogue& catalogue, const access::VisibleData& visible)
      : of_(of), catalogue_(catalogue), visible_(visible) {
    std::vector<std::int64_t> customers;
    for (const auto& group : of.run.groups) customers.push_back(group.customers);
    told_ = visible.tellable(customers);
  }

  [[nodiscard]] Json all() const {
    return {{"run", of_.run.run_id},
            {"scheme", of_.run.scheme},
            {"title", json_of(of_.run.scheme_title)},
            {"month", of_.run.as_of.text()},
            {"groups", groups()},
            {"blocks", blocks()},
            {"numbers", numbers()},
            {"month_names", of_.profile.months},
            {"months", months()},
            {"hours", hours()},
            {"map", map()}};
  }

 private:
  [[nodiscard]] bool told(std::size_t group) const { return told_[group]; }
  [[nodiscard]] std::size_t count() const { return std::min(of_.run.groups.size(), of_.portrait.groups.size()); }

  [[nodiscard]] Json groups() const {
    Json out = Json::array();
    for (std::size_t g = 0; g < count(); ++g) {
      const auto& group = of_.run.groups[g];
      const auto& portrait = of_.portrait.groups[g];
      const auto& name = of_.profile.groups[g].proposed_name;
      Json one = {{"group", group.code},
                  {"title", json_of(group.title)},
                  {"description", json_of(group.description)},
                  {"customers", nullptr},
                  {"share", nullptr}};
      if (told(g)) {
        one["customers"] = group.customers;
        one["share"] = group.share;
        one["proposed_name"] = name.zh.empty() ? Json(nullptr) : json_of(name);
        one["revenue_12m_cny"] = of_.portrait.has_revenue ? Json(portrait.revenue_12m_cny) : Json(nullptr);
        one["revenue_share"] = of_.portrait.has_revenue ? Json(portrait.revenue_share) : Json(nullptr);
        one["energy_12m_kwh"] = of_.portrait.has_energy ? Json(portrait.energy_12m_kwh) : Json(nullptr);
        one["energy_share"] = of_.portrait.has_energy ? Json(portrait.energy_share) : Json(nullptr);
        one["average_bill_cny"] = or_null(portrait.average_bill_cny);
      }
      out.push_back(std::move(one));
    }
    return out;
  }

  [[nodiscard]] Json numbers() const {
    Json out = Json::array();
    if (count() == 0) return out;
    const auto& lines = fullest(of_.portrait.groups, &segment::GroupPortrait::numbers);
    for (std::size_t n = 0; n < lines.size(); ++n) {
      const auto& first = lines[n];
      const auto* const feature = catalogue_.find(first.feature);
      if (feature == nullptr) continue;
      Json cells = Json::array();
      for (std::size_t g = 0; g < count(); ++g) {
        const auto* const cell = line_of(of_.portrait.groups[g].numbers, n,
                                         [&](const segment::NumberIndex& one) { return one.feature == first.feature; });
        const bool tell = cell != nullptr && told(g) && visible_.may_tell(cell->present);
        cells.push_back({{"group", of_.run.groups[g].code},
                         {"mean", tell ? or_null(cell->mean) : Json(nullptr)},
                         {"index", tell ? or_null(cell->index) : Json(nullptr)},
                         {"significant", tell && cell->is_significant}});
      }
      out.push_back({{"feature", first.feature},
                     {"title", json_of(feature->title)},
                     {"unit", feature->type == features::FeatureType::Flag ? "share" : feature->unit},
                     {"population", or_null(first.population_mean)},
                     {"by_group", std::move(cells)}});
    }
    return out;
  }

  template <typename Index>
  [[nodiscard]] Json cell(std::size_t g, const Index* index) const {
    // Nobody is no number that says something of somebody.
    const bool tell = index != nullptr && told(g) && (index->customers == 0 || visible_.may_tell(index->customers));
    return {{"group", of_.run.groups[g].code},
            {"share", tell ? Json(index->share) : Json(nullptr)},
            {"index", tell ? or_null(index->index) : Json(nullptr)},
            {"significant", tell && index->is_significant}};
  }

  [[nodiscard]] Json categories_of(const segment::PortraitBlock& block) const {
    Json rows = Json::array();
    const auto& first = fullest(of_.portrait.groups, &segment::GroupPortrait::categories);
    for (std::size_t c = 0; c < first.size(); ++c) {
      const auto* const feature = catalogue_.find(first[c].feature);
      if (feature == nullptr ||
          std::find(block.features.begin(), block.features.end(), feature->name) == block.features.end()) {
        continue;
      }
      const auto named = feature->value_names.find(first[c].value);
      const BilingualText value =
          named == feature->value_names.end() ? BilingualText{first[c].value, first[c].value} : named->second;
      Json cells = Json::array();
      const auto same = [&](const segment::CategoryIndex& one) {
        return one.feature == first[c].feature && one.value == first[c].value;
      };
      for (std::size_t g = 0; g < count(); ++g) {
        cells.push_back(cell(g, line_of(of_.portrait.groups[g].categories, c, same)));
      }
      rows.push_back(
          {{"code", first[c].value},
           {"feature", feature->name},
           {"title", {{"zh", feature->title.zh + "：" + value.zh}, {"en", feature->title.en + ": " + value.en}}},
           {"share", first[c].population_share},
           {"by_group", std::move(cells)}});
    }
    return rows;
  }

  void add_facts(const segment::PortraitBlock& block, Json& rows) const {
    const auto& first = fullest(of_.profile.groups, &segment::GroupProfile::facts);
    for (std::size_t f = 0; f < first.size(); ++f) {
      const auto& field = of_.profile.facts[first[f].fact];
      const auto is_it = [&](const segment::FactField& one) {
        return one.entity == field.entity && one.field == field.field;
      };
      if (std::none_of(block.facts.begin(), block.facts.end(), is_it)) continue;
      Json cells = Json::array();
      const auto same = [&](const segment::FactIndex& one) {
        return one.fact == first[f].fact && one.value == first[f].value;
      };
      for (std::size_t g = 0; g < count(); ++g) cells.push_back(cell(g, line_of(of_.profile.groups[g].facts, f, same)));
      rows.push_back({{"code", first[f].value},
                      {"feature", field.entity + "." + field.field},
                      {"title",
                       {{"zh", field.title.zh + "：" + first[f].value_title.zh},
                        {"en", field.title.en + ": " + first[f].value_title.en}}},
                      {"share", first[f].population_share},
                      {"by_group", std::move(cells)}});
    }
  }

  [[nodiscard]] Json blocks() const {
    Json out = Json::array();
    if (count() == 0) return out;
    for (const auto& block : of_.profile.blocks) {
      auto rows = categories_of(block);
      add_facts(block, rows);
      if (!rows.empty())
        out.push_back({{"block", block.code}, {"title", json_of(block.title)}, {"rows", std::move(rows)}});
    }
    return out;
  }

  [[nodiscard]] Json months() const {
    Json out = Json::array();
    for (std::size_t g = 0; g < count(); ++g) {
      if (!told(g)) continue;
      Json values = Json::array();
      for (const auto& value : of_.profile.groups[g].month_kwh) values.push_back(or_null(value));
      out.push_back({{"group", of_.run.groups[g].code}, {"energy_kwh", std::move(values)}});
    }
    return out;
  }

  [[nodiscard]] Json hours() const {
    Json out = Json::array();
    for (std::size_t g = 0; g < count(); ++g) {
      const auto& shares = of_.profile.groups[g].hour_shares;
      if (told(g) && !shares.empty()) out.push_back({{"group", of_.run.groups[g].code}, {"shares", shares}});
    }
    return out;
  }

  [[nodiscard]] Json map() const {
    if (!of_.profile.map) return nullptr;
    const auto& map = *of_.profile.map;
    const auto code = [&](std::size_t g) { return of_.run.groups[g].code; };
    Json points = Json::array();
    for (std::size_t r = 0; r < map.rows.size(); ++r) {
      if (map.row_groups[r] >= count() || !told(map.row_groups[r])) continue;
      points.push_back({{"x", map.rows[r].x}, {"y", map.rows[r].y}, {"group", code(map.row_groups[r])}});
    }
    Json centres = Json::array();
    Json regions = Json::array();
    for (std::size_t g = 0; g < std::min(count(), map.centres.size()); ++g) {
      if (!told(g)) continue;
      centres.push_back({{"group", code(g)}, {"x", map.centres[g].x}, {"y", map.centres[g].y}});
      Json corners = Json::array();
      if (g < map.regions.size()) {
        for (const auto& corner : map.regions[g]) corners.push_back({corner.x, corner.y});
      }
      regions.push_back({{"group", code(g)}, {"corners", std::move(corners)}});
    }
    return {{"points", std::move(points)},
            {"centres", std::move(centres)},
            {"regions", std::move(regions)},
            {"extent", {map.least_x, map.greatest_x, map.least_y, map.greatest_y}},
            {"centre_share", map.centre_share}};
  }

  const Portrayed& of_;
  const features::FeatureCatalogue& catalogue_;
  const access::VisibleData& visible_;
  std::vector<bool> told_;  // by group
};

}  // namespace

std::vector<Route> portrait_routes() {
  // Shared: the handler is copied with its route.
  const auto portraits = std::make_shared<Portraits>();
  const auto tell = [portraits](Service& service, Request& request) -> Result<Response> {
    FENQUN_TRY(auto lease, service.session(request.language));
    FENQUN_TRY(const auto found, portraits->of(*lease, request.text("run")));
    const auto visible = service.visible(request.viewer());
    return Response::json(Teller(*found, lease->catalogue, visible).all());
  };
  return {{"GET", "/portraits/{run}", "groups.read", {in_path("run")}, tell}};
}

}  // namespace fenqun::api
