// segment/profile.cpp - queries over assignment, wide table, facts and the monthly tables of the lake.
#include "segment/profile.hpp"

#include "base/settings.hpp"
#include "cluster/scaling.hpp"
#include "segment/scaling_rule.hpp"
#include "segment/significance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

constexpr int kMonths = 24;
constexpr int kMapRows = 1'200;

Result<FactField> read_fact(const Settings& node, const warehouse::Workspace& workspace) {
  FENQUN_CHECK(node.allow_only({"entity", "field", "time"}));
  FactField out;
  FENQUN_TRY(out.entity, node.text("entity"));
  FENQUN_TRY(out.field, node.text("field"));
  FENQUN_TRY(out.time, node.text("time", ""));
  const auto* contract = workspace.contracts().find(out.entity);
  const auto* field = contract == nullptr ? nullptr : contract->find(out.field);
  if (field == nullptr || (!out.time.empty() && contract->find(out.time) == nullptr)) {
    return node.refuse("segment.unknown_fact", {{"entity", out.entity}, {"field", out.field}});
  }
  out.title = {contract->title.zh + "·" + field->title.zh, contract->title.en + ": " + field->title.en};
  return out;
}

struct Task {
  warehouse::Workspace& workspace;
  const features::FeatureCatalogue& catalogue;
  const RunResult& run;
  std::string members;  // table: customer_id, group_code, distance_own
  Profile& out;

  GroupProfile* group(const std::string& code) const {
    const auto found = std::ranges::find(out.groups, code, &GroupProfile::code);
    return found == out.groups.end() ? nullptr : &*found;
  }
  [[nodiscard]] const GroupResult* result(const std::string& code) const {
    const auto found = std::ranges::find(run.groups, code, &GroupResult::code);
    return found == run.groups.end() ? nullptr : &*found;
  }
};

BilingualText code_title(const Task& task, const FactField& fact, const std::string& value) {
  const auto* field = task.workspace.contracts().find(fact.entity)->find(fact.field);
  for (const auto& code : field->codes) {
    if (code.code == value) return code.title;
  }
  return {value, value};
}

// Customers of each group that have the code at least once.
Result<void> count_fact(const Task& task, std::size_t place) {
  const auto& fact = task.out.facts[place];
  const auto column = "f." + sql_name(fact.field);
  std::string when = column + " IS NOT NULL";
  if (!fact.time.empty()) {
    when += " AND f." + sql_name(fact.time) + " >= DATE " + sql_text(task.run.as_of.plus(-11).first_date()) +
            " AND f." + sql_name(fact.time) + " < DATE " + sql_text(task.run.as_of.plus(1).first_date());
  }
  FENQUN_TRY(const auto rows,
             task.workspace.connection().query("SELECT coalesce(m.group_code, ''), " + column +
                                               ", count(DISTINCT m.customer_id) FROM " + task.members + " m JOIN " +
                                               sql_name(fact.entity) + " f ON f.customer_id = m.customer_id WHERE " +
                                               when + " GROUP BY GROUPING SETS ((m.group_code, " + column + "), (" +
                                               column + ")) ORDER BY 3 DESC, 2"));
  task.out.has_fact[place] = !rows.rows.empty();
  std::vector<std::pair<std::string, std::int64_t>> all;
  std::map<std::pair<std::string, std::string>, std::int64_t> counts;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    if (rows.text(r, 0).empty())
      all.emplace_back(rows.text(r, 1), rows.integer(r, 2));
    else
      counts[{rows.text(r, 0), rows.text(r, 1)}] = rows.integer(r, 2);
  }
  for (auto& group : task.out.groups) {
    const auto members = task.result(group.code)->customers;
    for (const auto& [value, total] : all) {
      FactIndex line;
      line.fact = place;
      line.value = value;
      line.value_title = code_title(task, fact, value);
      line.customers = counts[{group.code, value}];
      line.share = members > 0 ? static_cast<double>(line.customers) / static_cast<double>(members) : 0;
      line.population_share = static_cast<double>(total) / static_cast<double>(task.run.classified);
      if (members > 0) line.index = index_of(line.share, line.population_share);
      line.p = p_of_shares(line.customers, members, total - line.customers, task.run.classified - members);
      group.facts.push_back(std::move(line));
    }
  }
  return {};
}

void mark_facts(Profile& out) {
  std::vector<std::optional<double>> all;
  for (const auto& group : out.groups) {
    for (const auto& line : group.facts) all.push_back(line.p);
  }
  const auto stands = stand_together(all, kFalseDiscoveryRate);
  std::size_t at = 0;
  for (auto& group : out.groups) {
    for (auto& line : group.facts) line.is_significant = stands[at++];
  }
}

/// With squared distances the member nearest to the mean is the one with the least sum of distances to all others.
/// Clusters know that distance; elsewhere it is taken over logarithms of what tells customers apart most, in standard
/// deviations.
std::string distance_sql(const Task& task, const std::string& month) {
  if (!task.run.scaling.empty()) return "SELECT group_code, customer_id, distance_own AS away FROM " + task.members;
  constexpr std::array kTelling = {"bill_revenue_12m_cny", "energy_12m_kwh", "contract_capacity_kva", "late_share_12m",
                                   "tickets_12m",          "outages_12m",    "months_since_open"};
  std::string values;
  std::string means;
  std::string spreads;
  std::string sum;
  for (std::size_t i = 0; i < kTelling.size(); ++i) {
    values += fmt::format(", ln(1 + greatest(w.{}, 0)) AS x{}", sql_name(kTelling[i]), i);
    means += fmt::format(", sum(CAST(x{0} AS DECIMAL(38, 9)))::DOUBLE / nullif(count(x{0}), 0) AS m{0}", i);
    spreads += fmt::format("{}quantile_cont(x{}, 0.95) - quantile_cont(x{}, 0.05) AS s{}", i > 0 ? ", " : "", i, i, i);
    sum += fmt::format("{}coalesce(pow((x{} - m{}) / nullif(s{}, 0), 2), 0)", i > 0 ? " + " : "", i, i, i);
  }
  return "WITH v AS (SELECT m.group_code, m.customer_id" + values + " FROM " + task.members +
         " m JOIN wide w ON w.customer_id = m.customer_id WHERE " + month + "), g AS (SELECT group_code" + means +
         " FROM v GROUP BY group_code), s AS (SELECT " + spreads + " FROM v) SELECT group_code, customer_id, " + sum +
         " AS away FROM v JOIN g USING (group_code), s";
}

Result<void> find_typical(const Task& task, const std::string& month) {
  FENQUN_TRY(const auto rows, task.workspace.connection().query(
                                  "SELECT group_code, customer_id FROM (SELECT *, row_number() OVER (PARTITION BY "
                                  "group_code ORDER BY away, customer_id) AS place FROM (" +
                                  distance_sql(task, month) + ")) WHERE place = 1"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    if (auto* group = task.group(rows.text(r, 0))) group->typical_customer = rows.text(r, 1);
  }
  FENQUN_TRY(const auto sums,
             task.workspace.connection().query(
                 "SELECT m.group_code, sum(CAST(w.receivable_cny AS DECIMAL(38, 2)))::DOUBLE FROM " + task.members +
                 " m JOIN wide w ON w.customer_id = m.customer_id WHERE " + month + " GROUP BY m.group_code"));
  for (std::size_t r = 0; r < sums.rows.size(); ++r) {
    if (auto* group = task.group(sums.text(r, 0))) group->receivable_cny = sums.number(r, 1);
  }
  return {};
}

/// The derived files of months first..last as a relation; empty when there are none.
Result<std::string> monthly(warehouse::Workspace& workspace, const std::string& entity, Month first, Month last) {
  FENQUN_TRY(const auto files, workspace.lake_files(entity));
  std::string list;
  for (const auto& file : files) {
    if (file.month < first || last < file.month || workspace.is_damaged(file.path)) continue;
    list += (list.empty() ? "" : ", ") + sql_text((workspace.folder() / file.path).string());
  }
  return list.empty() ? list : "read_parquet([" + list + "], hive_partitioning = false, union_by_name = true)";
}

Result<void> add_months(const Task& task) {
  const auto first = task.run.as_of.plus(1 - kMonths);
  FENQUN_TRY(const auto relation, monthly(task.workspace, "_customer_month", first, task.run.as_of));
  for (int i = 0; i < kMonths; ++i) task.out.months.push_back(first.plus(i).text());
  for (auto& group : task.out.groups) group.month_kwh.resize(task.out.months.size());
  if (relation.empty()) return {};
  FENQUN_TRY(const auto rows,
             task.workspace.connection().query(
                 "SELECT m.group_code, strftime(t.month, '%Y-%m'), sum(CAST(t.energy_kwh AS DECIMAL(38, 3)))::DOUBLE / "
                 "nullif(count(t.energy_kwh), 0) FROM " +
                 task.members + " m JOIN " + relation + " t ON t.customer_id = m.customer_id GROUP BY ALL"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto* const group = task.group(rows.text(r, 0));
    const auto month = std::ranges::find(task.out.months, rows.text(r, 1));
    if (group == nullptr || month == task.out.months.end() || rows.is_null(r, 2)) continue;
    group->month_kwh[static_cast<std::size_t>(month - task.out.months.begin())] = rows.number(r, 2);
  }
  return {};
}

Result<void> add_hours(const Task& task) {
  FENQUN_TRY(const auto relation,
             monthly(task.workspace, "_hourly_by_month", task.run.as_of.plus(-11), task.run.as_of));
  if (relation.empty()) return {};
  std::string sums;
  for (int hour = 0; hour < 24; ++hour)
    sums += fmt::format(", sum(CAST(t.h{:02}_kwh AS DECIMAL(38, 3)))::DOUBLE", hour);
  FENQUN_TRY(const auto rows,
             task.workspace.connection().query("SELECT m.group_code" + sums + " FROM " + task.members + " m JOIN " +
                                               relation + " t ON t.customer_id = m.customer_id GROUP BY m.group_code"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto* const group = task.group(rows.text(r, 0));
    double all = 0;
    for (std::size_t hour = 0; hour < 24; ++hour) all += rows.number(r, hour + 1);
    if (group == nullptr || !(all > 0)) continue;
    for (std::size_t hour = 0; hour < 24; ++hour) group->hour_shares.push_back(rows.number(r, hour + 1) / all);
  }
  return {};
}

Matrix<float> centres_of(const RunResult& run, std::vector<double> GroupResult::*from) {
  const std::size_t d = run.scaling.size();
  for (const auto& group : run.groups) {
    if ((group.*from).size() != d) return {};
  }
  Matrix<float> out(run.groups.size(), d);
  for (std::size_t g = 0; g < run.groups.size(); ++g) {
    for (std::size_t c = 0; c < d; ++c) out(g, c) = static_cast<float>((run.groups[g].*from)[c]);
  }
  return out;
}

// A sample of members, the same for the same run, drawn by their ids.
Result<void> add_map(const Task& task, const Scheme& scheme, const std::string& month, WorkerPool& pool) {
  const auto& run = task.run;
  if (run.scaling.empty() || run.definition != scheme.fingerprint) return {};
  const auto centres = centres_of(run, &GroupResult::scaled_centre);
  if (centres.rows() == 0) return {};
  std::string columns;
  for (const auto& scaling : run.scaling) columns += ", w." + sql_name(scaling.feature) + "::DOUBLE";
  FENQUN_TRY(const auto rows,
             task.workspace.connection().query("SELECT m.group_code" + columns + " FROM " + task.members +
                                               " m JOIN wide w ON w.customer_id = m.customer_id WHERE " + month +
                                               " ORDER BY md5(m.customer_id) LIMIT " + std::to_string(kMapRows)));
  Matrix<double> values(rows.rows.size(), run.scaling.size());
  std::vector<std::uint32_t> groups;
  for (std::size_t r = 0; r < values.rows(); ++r) {
    for (std::size_t c = 0; c < values.cols(); ++c) values(r, c) = rows.number(r, c + 1);
    const auto* group = task.result(rows.text(r, 0));
    groups.push_back(static_cast<std::uint32_t>(group - run.groups.data()));
  }
  FENQUN_TRY(const auto scaled, cluster::apply_scaling(fitted_scaling(scheme, run), values.view(), pool));
  const auto starts = centres_of(run, &GroupResult::scaled_start);
  FENQUN_TRY(task.out.map, make_group_map(scaled.view(), groups, centres.view(), starts.view()));
  for (const auto& scaling : run.scaling) task.out.map_features.push_back(scaling.feature);
  return {};
}

/// One thing that sets a group apart, with how far.
struct Trait {
  double strength = 0;
  std::string family;
  BilingualText words;
};

constexpr double kHigh = 1.25;
constexpr double kLow = 0.8;
constexpr double kMostOfGroup = 0.5;

bool is_distinctive(std::optional<double> index, bool significant) {
  return significant && index && (*index >= kHigh || (*index <= kLow && *index >= 0));
}

/// Both languages, read once: a text is looked up for every line.
struct Languages {
  Texts chinese;
  Texts english;
  static Result<Languages> create(const AssetStore& assets) {
    FENQUN_TRY(auto chinese, Texts::create(assets, Language::Chinese));
    FENQUN_TRY(auto english, Texts::create(assets, Language::English));
    return Languages{std::move(chinese), std::move(english)};
  }
  [[nodiscard]] BilingualText say(const char* key, const char* name, const BilingualText& value) const {
    return {chinese(key, {{name, value.zh}}), english(key, {{name, value.en}})};
  }
};

// What is high says more of a group than what is low.
double strength_of(double index) {
  constexpr double kLowCounts = 0.5;
  constexpr double kMost = 2.5;
  const double log = std::log(std::max(index, 0.01));
  return std::min(log > 0 ? log : -kLowCounts * log, kMost);
}

std::optional<Trait> trait_of(const NumberIndex& line, const features::Feature& feature, std::int64_t customers,
                              const Languages& say) {
  if (!is_distinctive(line.index, line.is_significant)) return std::nullopt;
  if (line.population_mean.value_or(0) <= 0 || 2 * line.present < customers) return std::nullopt;
  const bool is_flag = feature.type == features::FeatureType::Flag;
  if (is_flag && (*line.index <= 1 || line.mean.value_or(0) < kMostOfGroup)) return std::nullopt;
  const char* key = is_flag ? "segment.trait_is" : *line.index > 1 ? "segment.trait_high" : "segment.trait_low";
  return Trait{strength_of(*line.index), feature.family, say.say(key, "feature", feature.title)};
}

std::optional<Trait> trait_of(const CategoryIndex& line, const features::Feature& feature, const Languages& say) {
  if (line.value.empty() || !is_distinctive(line.index, line.is_significant)) return std::nullopt;
  if (*line.index < 1 || line.share < kMostOfGroup) return std::nullopt;
  const auto named = feature.value_names.find(line.value);
  const auto title = named == feature.value_names.end() ? BilingualText{line.value, line.value} : named->second;
  return Trait{strength_of(*line.index), feature.family, say.say("segment.trait_mostly", "value", title)};
}

std::vector<Trait> traits_of(const Languages& say, const features::FeatureCatalogue& catalogue,
                             const std::set<std::string>& telling, const GroupPortrait& group) {
  std::vector<Trait> out;
  for (const auto& line : group.numbers) {
    const auto* feature = catalogue.find(line.feature);
    if (feature == nullptr || !telling.contains(line.feature)) continue;
    if (auto trait = trait_of(line, *feature, group.customers, say)) out.push_back(std::move(*trait));
  }
  for (const auto& line : group.categories) {
    const auto* feature = catalogue.find(line.feature);
    if (feature == nullptr || !telling.contains(line.feature)) continue;
    if (auto trait = trait_of(line, *feature, say)) out.push_back(std::move(*trait));
  }
  std::ranges::stable_sort(out, std::greater<>(), &Trait::strength);
  return out;
}

}  // namespace

Result<std::vector<PortraitBlock>> load_blocks(const warehouse::Workspace& workspace,
                                               const features::FeatureCatalogue& catalogue) {
  FENQUN_TRY(const auto asset, workspace.assets().read("config/portraits/blocks.yaml"));
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(root.allow_only({"blocks"}));
  FENQUN_TRY(const auto list, root.child("blocks"));
  FENQUN_TRY(const auto items, list.items());
  std::vector<PortraitBlock> out;
  for (const auto& item : items) {
    FENQUN_CHECK(item.allow_only({"code", "title", "features", "facts"}));
    PortraitBlock block;
    FENQUN_TRY(block.code, item.text("code"));
    FENQUN_TRY(const auto title, item.child("title"));
    FENQUN_TRY(block.title.zh, title.text("zh"));
    FENQUN_TRY(block.title.en, title.text("en"));
    FENQUN_TRY(block.features, item.texts("features"));
    for (const auto& name : block.features) {
      if (catalogue.find(name) == nullptr) {
        return item.refuse("segment.unknown_block_feature", {{"feature", name}});
      }
    }
    if (const auto facts = item.find("facts")) {
      FENQUN_TRY(const auto nodes, facts->items());
      for (const auto& node : nodes) {
        FENQUN_TRY(auto fact, read_fact(node, workspace));
        block.facts.push_back(std::move(fact));
      }
    }
    out.push_back(std::move(block));
  }
  return out;
}

Result<BilingualText> propose_name(const AssetStore& assets, const features::FeatureCatalogue& catalogue,
                                   const std::set<std::string>& telling, const GroupPortrait& group) {
  FENQUN_TRY(const auto say, Languages::create(assets));
  const auto traits = traits_of(say, catalogue, telling, group);
  std::vector<const Trait*> chosen;
  for (const auto& trait : traits) {
    const bool is_new = std::ranges::none_of(chosen, [&](const auto* one) { return one->family == trait.family; });
    if (is_new && chosen.size() < 2) chosen.push_back(&trait);
  }
  if (chosen.empty()) return BilingualText{};
  const char* key = chosen.size() == 2 ? "segment.name_of_two" : "segment.name_of_one";
  const auto& first = chosen.front()->words;
  const auto& second = chosen.back()->words;
  return BilingualText{say.chinese(key, {{"first", first.zh}, {"second", second.zh}}),
                       say.english(key, {{"first", first.en}, {"second", second.en}})};
}

Result<Profile> make_profile(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                             const Scheme& scheme, const RunResult& run, const Portrait& portrait, WorkerPool& pool) {
  Profile out;
  out.run_id = run.run_id;
  FENQUN_TRY(out.blocks, load_blocks(workspace, catalogue));
  for (const auto& block : out.blocks) out.facts.insert(out.facts.end(), block.facts.begin(), block.facts.end());
  out.has_fact.assign(out.facts.size(), false);
  for (const auto& group : run.groups) {
    out.groups.emplace_back();
    out.groups.back().code = group.code;
  }
  FENQUN_TRY(const auto scratch, workspace.scratch("profile", warehouse::Workspace::ScratchPlace::InMemory));
  const Task task{workspace, catalogue, run, sql_name(scratch.catalogue()) + ".members", out};
  FENQUN_CHECK(workspace.connection().execute("CREATE TABLE " + task.members +
                                              " AS SELECT customer_id, group_code, distance_own FROM assignment WHERE "
                                              "run_id = " +
                                              sql_text(run.run_id) + " AND group_code IS NOT NULL"));
  const std::string month = "w.as_of = DATE " + sql_text(run.as_of.first_date());
  for (std::size_t place = 0; place < out.facts.size(); ++place) FENQUN_CHECK(count_fact(task, place));
  mark_facts(out);
  FENQUN_CHECK(find_typical(task, month));
  FENQUN_CHECK(add_months(task));
  FENQUN_CHECK(add_hours(task));
  FENQUN_CHECK(add_map(task, scheme, month, pool));
  std::set<std::string> telling;
  for (const auto& block : out.blocks) telling.insert(block.features.begin(), block.features.end());
  for (const auto& feature : scheme.features) telling.insert(feature.name);
  for (std::size_t g = 0; g < out.groups.size() && g < portrait.groups.size(); ++g) {
    FENQUN_TRY(out.groups[g].proposed_name, propose_name(workspace.assets(), catalogue, telling, portrait.groups[g]));
  }
  return out;
}

}  // namespace fenqun::segment
