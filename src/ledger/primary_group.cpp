// ledger/primary_group.cpp - one join of what all runs say with the list of priorities.
#include "ledger/primary_group.hpp"

#include "ledger/change.hpp"
#include "ledger/names.hpp"
#include "ledger/publication.hpp"
#include "segment/run.hpp"
#include "segment/scheme.hpp"
#include "warehouse/spreadsheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fenqun::ledger {
namespace {

namespace fs = std::filesystem;
using warehouse::sql_name;
using warehouse::sql_text;

/// A run as it is looked at: what it says under ledger codes, and the titles of its groups.
struct Source {
  PrimarySource about;
  std::string said;  // SQL: customer_id, group_code, reason; empty: no run
  std::map<std::string, BilingualText> titles;
};

std::vector<std::string> schemes_in(const PrimaryRules& rules) {
  std::vector<std::string> out;
  const auto add = [&](const GroupName& group) {
    if (std::find(out.begin(), out.end(), group.scheme) == out.end()) out.push_back(group.scheme);
  };
  for (const auto& group : rules.priority) add(group);
  for (const auto& rule : rules.conflicts) {
    add(rule.first);
    add(rule.second);
  }
  return out;
}

Result<Source> find_source(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                           const std::string& name, Month month, const std::vector<segment::RunResult>& latest) {
  Source out;
  FENQUN_TRY(const auto scheme, segment::load_scheme(workspace.assets(), catalogue, name));
  out.about.scheme = name;
  out.about.title = scheme.title;
  out.about.department = scheme.department;
  FENQUN_TRY(const auto publications, read_publications(workspace.connection(), name));
  if (const auto there = in_force(timeline_of(publications), month)) {
    const auto& p = publications[*there];
    out.about.run_id = p.run_in_force();
    out.about.is_published = !out.about.run_id.empty();
    for (const auto& group : p.names) {
      if (group.is_group) out.titles[group.code] = group.title;
    }
    if (out.about.is_published) out.said = said_sql(out.about.run_id, code_map(p.names));
  }
  if (!out.said.empty()) return out;
  const auto run = std::find_if(latest.begin(), latest.end(), [&](const auto& one) { return one.scheme == name; });
  if (run == latest.end()) return out;
  out.about.run_id = run->run_id;
  for (const auto& group : run->groups) out.titles[group.code] = group.title;
  out.said = said_sql(run->run_id, {});
  return out;
}

class Finder {
 public:
  Finder(warehouse::Workspace& workspace, const PrimaryRules& rules, std::vector<Source> sources,
         warehouse::Workspace::Scratch scratch)
      : workspace_(workspace), rules_(rules), sources_(std::move(sources)), scratch_(std::move(scratch)) {}

  Result<PrimaryOutcome> run(const PrimaryRequest& request, Language language) {
    PrimaryOutcome out;
    out.month = request.month;
    for (const auto& source : sources_) out.sources.push_back(source.about);
    FENQUN_CHECK(make_tables());
    FENQUN_CHECK(count_groups(out));
    FENQUN_CHECK(count_conflicts(out));
    if (!request.out.empty()) FENQUN_CHECK(write(primary_rows(language), request.out));
    if (!request.conflicts.empty()) FENQUN_CHECK(write(conflict_rows(language), request.conflicts));
    return out;
  }

 private:
  [[nodiscard]] std::string table(const char* name) const { return sql_name(scratch_.catalogue()) + "." + name; }
  [[nodiscard]] BilingualText title_of(const GroupName& group) const {
    for (const auto& source : sources_) {
      if (source.about.scheme != group.scheme) continue;
      if (const auto title = source.titles.find(group.group); title != source.titles.end()) return title->second;
    }
    return {group.group, group.group};
  }
  [[nodiscard]] BilingualText department_of(const std::string& scheme) const {
    for (const auto& source : sources_) {
      if (source.about.scheme == scheme) return source.about.department;
    }
    return {};
  }

  // said: customer, scheme, group; place: the list; primary_group: customer and place, NULL for none.
  Result<void> make_tables() {
    std::string said;
    for (const auto& source : sources_) {
      if (source.said.empty()) continue;
      said +=
          (said.empty() ? "" : " UNION ALL ") + fmt::format("SELECT customer_id, {} AS scheme, group_code FROM ({})",
                                                            sql_text(source.about.scheme), source.said);
    }
    FENQUN_CHECK(workspace_.connection().execute("CREATE TABLE " + table("said") + " AS " + said));
    FENQUN_CHECK(workspace_.connection().execute("CREATE TABLE " + table("place") +
                                                 " (place INTEGER, scheme VARCHAR, group_code VARCHAR)"));
    int place = 0;
    std::string values;
    for (const auto& group : rules_.priority) {
      values += fmt::format("{}({}, {}, {})", values.empty() ? "" : ", ", ++place, sql_text(group.scheme),
                            sql_text(group.group));
    }
    if (!values.empty()) {
      FENQUN_CHECK(workspace_.connection().execute("INSERT INTO " + table("place") + " VALUES " + values));
    }
    return workspace_.connection().execute(
        "CREATE TABLE " + table("primary_group") + " AS SELECT s.customer_id, min(p.place) AS place FROM " +
        table("said") + " s LEFT JOIN " + table("place") +
        " p ON p.scheme = s.scheme AND p.group_code = s.group_code GROUP BY s.customer_id");
  }

  Result<void> count_groups(PrimaryOutcome& out) {
    FENQUN_TRY(const auto counts,
               workspace_.connection().query("SELECT p.place, (SELECT count(*) FROM " + table("primary_group") +
                                             " g WHERE g.place = p.place), (SELECT count(*) FROM " + table("said") +
                                             " s WHERE s.scheme = p.scheme AND s.group_code = p.group_code) FROM " +
                                             table("place") + " p ORDER BY p.place"));
    for (std::size_t r = 0; r < counts.rows.size(); ++r) {
      const auto& group = rules_.priority[r];
      out.groups.push_back({group, title_of(group), counts.integer(r, 1), counts.integer(r, 2)});
    }
    FENQUN_TRY(const auto all, workspace_.connection().query("SELECT count(*), count(*) - count(place) FROM " +
                                                             table("primary_group")));
    out.customers = all.integer(0, 0);
    out.without = all.integer(0, 1);
    return {};
  }

  // customer_id of those in both groups.
  [[nodiscard]] std::string in_both(const ConflictRule& rule) const {
    const auto one = [&](const GroupName& group) {
      return fmt::format("SELECT customer_id FROM {} WHERE scheme = {} AND group_code = {}", table("said"),
                         sql_text(group.scheme), sql_text(group.group));
    };
    return one(rule.first) + " INTERSECT " + one(rule.second);
  }

  Result<void> count_conflicts(PrimaryOutcome& out) {
    constexpr int kExamples = 20;
    std::string any;
    for (const auto& rule : rules_.conflicts) {
      ConflictCount count{rule, title_of(rule.first), title_of(rule.second), 0, {}};
      const auto both = in_both(rule);
      FENQUN_TRY(count.customers, workspace_.connection().query_integer("SELECT count(*) FROM (" + both + ")"));
      FENQUN_TRY(const auto examples,
                 workspace_.connection().query(
                     fmt::format("SELECT customer_id FROM ({}) ORDER BY customer_id LIMIT {}", both, kExamples)));
      for (std::size_t r = 0; r < examples.rows.size(); ++r) count.examples.push_back(examples.text(r, 0));
      out.conflicts.push_back(std::move(count));
      any += (any.empty() ? "(" : " UNION (") + both + ")";
    }
    if (any.empty()) return {};
    FENQUN_TRY(out.in_conflict, workspace_.connection().query_integer("SELECT count(*) FROM (" + any + ")"));
    return {};
  }

  [[nodiscard]] std::string primary_rows(Language language) const {
    std::string title = "CASE g.place";
    for (std::size_t i = 0; i < rules_.priority.size(); ++i) {
      title += fmt::format(" WHEN {} THEN {}", i + 1, sql_text(title_of(rules_.priority[i]).in(language)));
    }
    title += rules_.priority.empty() ? " WHEN 0 THEN '' END" : " END";
    return fmt::format(
        "SELECT g.customer_id, p.scheme, p.group_code, {} AS \"group\", g.place FROM {} g LEFT JOIN {} p ON p.place = "
        "g.place ORDER BY g.customer_id",
        title, table("primary_group"), table("place"));
  }

  [[nodiscard]] std::string conflict_rows(Language language) const {
    std::string out;
    for (const auto& rule : rules_.conflicts) {
      const auto text = [&](const BilingualText& value) { return sql_text(value.in(language)); };
      out += (out.empty() ? "" : " UNION ALL ") +
             fmt::format(
                 "SELECT customer_id, {} AS first_scheme, {} AS first_group, {} AS first_department, {} AS "
                 "second_scheme, {} AS second_group, {} AS second_department, {} AS prevails, {} AS reason FROM ({})",
                 sql_text(rule.first.scheme), text(title_of(rule.first)), text(department_of(rule.first.scheme)),
                 sql_text(rule.second.scheme), text(title_of(rule.second)), text(department_of(rule.second.scheme)),
                 sql_text(rule.prevails), text(rule.reason), in_both(rule));
    }
    if (out.empty()) return "SELECT customer_id FROM " + table("said") + " LIMIT 0";
    return "SELECT * FROM (" + out + ") ORDER BY customer_id, first_scheme, second_scheme, first_group, second_group";
  }

  Result<void> write(const std::string& rows, const fs::path& file) {
    return warehouse::write_spreadsheet(workspace_.connection(), rows, file);
  }

  warehouse::Workspace& workspace_;
  const PrimaryRules& rules_;
  std::vector<Source> sources_;
  warehouse::Workspace::Scratch scratch_;
};

}  // namespace

Result<PrimaryOutcome> find_primary_groups(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                                           const PrimaryRequest& request, Language language) {
  FENQUN_TRY(const auto rules, load_primary_rules(workspace.assets(), catalogue));
  FENQUN_TRY(const auto latest, segment::latest_runs(workspace, request.month));
  std::vector<Source> sources;
  for (const auto& name : schemes_in(rules)) {
    FENQUN_TRY(auto source, find_source(workspace, catalogue, name, request.month, latest));
    sources.push_back(std::move(source));
  }
  if (std::all_of(sources.begin(), sources.end(), [](const Source& source) { return source.said.empty(); })) {
    return fail(ErrorCode::BadData, kNoPrimaryRuns, {{"month", request.month.text()}});
  }
  FENQUN_TRY(auto scratch, workspace.scratch("primary", warehouse::Workspace::ScratchPlace::InMemory));
  return Finder(workspace, rules, std::move(sources), std::move(scratch)).run(request, language);
}

}  // namespace fenqun::ledger
