// segment/strata.cpp - the method within each stratum by itself, put together to one run.
#include "segment/methods.hpp"
#include "segment/scheme_scope.hpp"
#include "segment/wording.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

struct Part {
  std::string code;
  BilingualText title;
  std::optional<std::uint32_t> publish;
  std::int64_t customers = 0;
};

// What people call a value of `by`: where that is a feature, its own name for it.
Result<BilingualText> title_of(const MethodInput& input, const Expression& by, const std::string& value) {
  if (by.type() == ValueType::Flag) {
    return in_both_languages(input.workspace.assets(), value == "true" ? "segment.stratum_yes" : "segment.stratum_no",
                             {{"condition", by.text()}});
  }
  const auto* feature = input.catalogue.find(by.text());
  if (feature != nullptr) {
    if (const auto name = feature->value_names.find(value); name != feature->value_names.end()) return name->second;
  }
  return BilingualText{value, value};
}

Result<std::vector<Part>> find_parts(const MethodInput& input, const std::string& stratified) {
  const auto& strata = *input.scheme.strata;
  FENQUN_TRY(const auto counts,
             input.workspace.connection().query("SELECT stratum, count(*) FROM " + stratified +
                                                " WHERE stratum IS NOT NULL GROUP BY stratum ORDER BY stratum"));
  std::vector<Part> out;
  for (const auto& stratum : strata.list) out.push_back({stratum.code, stratum.title, stratum.publish, 0});
  for (std::size_t r = 0; r < counts.rows.size(); ++r) {
    const auto code = counts.text(r, 0);
    if (strata.by) {
      FENQUN_TRY(auto title, title_of(input, *strata.by, code));
      out.push_back({code, std::move(title), {}, 0});
    }
    const auto at = std::find_if(out.begin(), out.end(), [&](const Part& part) { return part.code == code; });
    at->customers = counts.integer(r, 1);
  }
  if (out.size() <= kMostStrata) return out;
  return fail(
      ErrorCode::BadData, "segment.too_many_strata",
      {{"scheme", input.scheme.name}, {"strata", std::to_string(out.size())}, {"most", std::to_string(kMostStrata)}});
}

// The codes that the whole run knows the groups by, and the titles.
void rename(const Part& part, const Strata& strata, std::vector<GroupResult>& groups) {
  if (strata.groups == StratumGroups::Shared) return;
  for (auto& group : groups) {
    group.code = part.code + "." + group.code;
    group.title = {part.title.zh + " · " + group.title.zh, part.title.en + " · " + group.title.en};
  }
}

void merge_groups(const std::vector<GroupResult>& groups, RunResult& run) {
  for (const auto& group : groups) {
    const auto same = [&](const GroupResult& there) { return there.code == group.code; };
    if (std::any_of(run.groups.begin(), run.groups.end(), same)) continue;
    run.groups.push_back(group);
    // A group of several strata has a centre in each of them.
    run.groups.back().centre.clear();
    run.groups.back().order_score = 0;
  }
}

// The rows of a stratum put to those of all.
Result<void> gather(const MethodInput& all, const std::string& part, const std::string& prefix) {
  const auto code = [&](const char* column) {
    return prefix.empty() ? std::string(column) : fmt::format("{0} || {1}", sql_text(prefix), column);
  };
  const auto whole = sql_name(all.scratch_catalogue);
  return all.workspace.connection().execute(fmt::format(
      "INSERT INTO {}.assigned SELECT customer_id, {}, reason, distance_own, distance_next, {} FROM {}.assigned", whole,
      code("group_code"), code("next_group"), part));
}

Result<void> count_members(const MethodInput& input, const std::string& part, std::vector<GroupResult>& groups) {
  FENQUN_TRY(const auto counts,
             input.workspace.connection().query("SELECT group_code, count(*) FROM " + part +
                                                ".assigned WHERE group_code IS NOT NULL GROUP BY group_code"));
  std::int64_t classified = 0;
  for (std::size_t r = 0; r < counts.rows.size(); ++r) {
    classified += counts.integer(r, 1);
    for (auto& group : groups) {
      if (group.code == counts.text(r, 0)) group.customers = counts.integer(r, 1);
    }
  }
  for (auto& group : groups) {
    group.share = classified > 0 ? static_cast<double>(group.customers) / static_cast<double>(classified) : 0;
  }
  return {};
}

// One stratum in a scratch database of its own, so that methods need not know of each other's tables.
Result<void> assign_part(const MethodInput& all, const std::string& stratified, const Part& part, std::size_t number,
                         RunResult& run) {
  FENQUN_TRY(auto scratch,
             all.workspace.scratch("segment_" + std::to_string(number), warehouse::Workspace::ScratchPlace::InMemory));
  const auto name = sql_name(scratch.catalogue());
  Population population = all.population;
  population.classifiable = name + ".classifiable";
  population.customers = population.ready = part.customers;
  FENQUN_CHECK(all.workspace.connection().execute(
      fmt::format("CREATE TABLE {} AS SELECT c.* FROM {} c SEMI JOIN (SELECT customer_id FROM {} WHERE stratum = {}) s "
                  "ON c.customer_id = s.customer_id",
                  population.classifiable, all.population.classifiable, stratified, sql_text(part.code))));
  Scheme scheme = all.scheme;
  if (part.publish) scheme.k.publish = part.publish;
  RunResult found;
  found.seed = run.seed;
  FENQUN_CHECK(assign_groups(
      {all.workspace, all.catalogue, scratch.catalogue(), population, scheme, all.options, all.pool}, found));
  FENQUN_CHECK(count_members(all, name, found.groups));
  const auto& strata = *all.scheme.strata;
  const bool own = strata.groups == StratumGroups::Own;
  rename(part, strata, found.groups);
  FENQUN_CHECK(gather(all, name, own ? part.code + "." : ""));
  merge_groups(found.groups, run);
  run.groups_named = run.groups_named && found.groups_named;
  run.row_norm = found.row_norm;
  for (const auto& warning : found.warnings) {
    if (std::find(run.warnings.begin(), run.warnings.end(), warning) == run.warnings.end()) {
      run.warnings.push_back(warning);
    }
  }
  run.strata.push_back({part.code, part.title, part.customers, std::move(found.groups), std::move(found.trials),
                        found.recommended_k, std::move(found.recommended_reason), found.published_k,
                        std::move(found.scaling)});
  return {};
}

}  // namespace

std::string stratum_sql(const Strata& strata, const std::string& population) {
  if (strata.by) return "CAST(" + strata.by->sql(population) + " AS VARCHAR)";
  std::string out = "CASE";
  for (const auto& stratum : strata.list) {
    out += " WHEN " + stratum.when.sql(population) + " THEN " + sql_text(stratum.code);
  }
  return out + " END";
}

Result<void> assign_in_strata(const MethodInput& input, RunResult& run) {
  auto& connection = input.workspace.connection();
  const auto name = sql_name(input.scratch_catalogue);
  const auto stratified = name + ".stratified";
  FENQUN_CHECK(connection.execute("CREATE TABLE " + stratified + " AS SELECT customer_id, " +
                                  stratum_sql(*input.scheme.strata, input.population.classifiable) +
                                  " AS stratum FROM " + input.population.classifiable));
  FENQUN_TRY(const auto parts, find_parts(input, stratified));
  FENQUN_CHECK(connection.execute(fmt::format(
      "CREATE TABLE {}.assigned AS SELECT customer_id, NULL::VARCHAR AS group_code, {} AS reason, NULL::DOUBLE AS "
      "distance_own, NULL::DOUBLE AS distance_next, NULL::VARCHAR AS next_group FROM {} WHERE stratum IS NULL",
      name, sql_text(kNoStratum), stratified)));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    FENQUN_CHECK(assign_part(input, stratified, parts[i], i + 1, run));
  }
  return {};
}

}  // namespace fenqun::segment
