// ledger/names.cpp
#include "ledger/names.hpp"

#include "cluster/identity.hpp"
#include "segment/wording.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace fenqun::ledger {
namespace {

std::vector<PublishedName> names_as_in(const segment::RunResult& run) {
  std::vector<PublishedName> out;
  for (const auto& group : run.groups) out.push_back({true, group.code, group.code, group.title, group.customers});
  for (const auto& line : run.unclassified) out.push_back({false, line.code, line.code, line.reason, line.customers});
  return out;
}

const Publication* published_before(const std::string& run_id, const std::vector<Publication>& of_scheme) {
  for (const auto& publication : of_scheme) {
    if (publication.run_in_force() == run_id) return &publication;
  }
  return nullptr;
}

// n of "gN"; 0 for any other code.
int place_of(const std::string& code) {
  int place = 0;
  if (code.size() < 2 || code.front() != 'g') return 0;
  const auto* const end = code.data() + code.size();
  const auto read = std::from_chars(code.data() + 1, end, place);
  return read.ptr == end && read.ec == std::errc() ? place : 0;
}

// Every code that the scheme ever had, with its last title.
std::map<std::string, BilingualText> known_codes(const std::vector<Publication>& of_scheme) {
  std::map<std::string, BilingualText> out;
  for (const auto& publication : of_scheme) {
    for (const auto& name : publication.names) {
      if (name.is_group) out[name.code] = name.title;
    }
  }
  return out;
}

Result<std::vector<std::string>> codes_of(warehouse::Connection& connection, const std::string& sql) {
  FENQUN_TRY(const auto rows, connection.query("SELECT DISTINCT group_code FROM (" + sql +
                                               ") WHERE group_code IS NOT NULL ORDER BY group_code"));
  std::vector<std::string> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) out.push_back(rows.text(r, 0));
  return out;
}

std::string place_sql(const std::string& column, const std::vector<std::string>& codes) {
  std::string out = "(CASE " + column;
  for (std::size_t c = 0; c < codes.size(); ++c) {
    out += " WHEN " + warehouse::sql_text(codes[c]) + " THEN " + std::to_string(c);
  }
  return out + " END)::BIGINT";
}

// Renames the groups of `names` after those in force; `taken` maps a run's code to the code that it carries on.
Result<std::map<std::string, std::string>> carried_codes(warehouse::Workspace& workspace, const std::string& run_id,
                                                         const std::string& standing) {
  std::map<std::string, std::string> taken;
  FENQUN_TRY(const auto labels, shared_labels(workspace.connection(), standing, said_sql(run_id, {})));
  if (labels.first.empty()) return taken;
  cluster::IdentityOptions options;
  options.least_overlap = kLeastOverlap;
  FENQUN_TRY(const auto identity, cluster::carry_on(labels.first, labels.second, options));
  for (const auto& match : identity.matches) {
    if (match.old_group == cluster::kUnmatched) continue;
    taken[labels.second_codes[match.new_group]] = labels.first_codes[match.old_group];
  }
  return taken;
}

/// The month whose groups a run from `month` on carries on: that one, or where nobody is in a group yet the first later
/// one.
Result<Month> month_to_carry_on(warehouse::Connection& connection, const std::string& scheme, Month month) {
  FENQUN_TRY(const auto standing,
             connection.query_integer("SELECT count(group_code) FROM (" + standing_sql(scheme, month) + ")"));
  if (standing > 0) return month;
  FENQUN_TRY(const auto rows,
             connection.query("SELECT strftime(min(valid_from), '%Y-%m') FROM membership WHERE superseded_by IS NULL "
                              "AND group_code IS NOT NULL AND scheme = " +
                              warehouse::sql_text(scheme) + " AND valid_from > DATE " +
                              warehouse::sql_text(month.first_date())));
  if (rows.is_null(0, 0)) return month;
  return Month::parse(rows.text(0, 0));
}

/// What its run proposes to call a group that nobody had before, unless another one was called so; else by its place.
Result<BilingualText> title_of_new(const AssetStore& assets, const PublishedName& name,
                                   const std::map<std::string, BilingualText>& known) {
  const auto by_place = [&](const std::string& code) {
    return segment::in_both_languages(assets, "segment.unnamed_group", {{"place", std::to_string(place_of(code))}});
  };
  FENQUN_TRY(const auto unnamed, by_place(name.run_code));
  const bool is_known = std::ranges::any_of(known, [&](const auto& one) { return one.second.zh == name.title.zh; });
  if (name.title.zh == unnamed.zh || is_known) return by_place(name.code);
  return name.title;
}

}  // namespace

Result<SharedLabels> shared_labels(warehouse::Connection& connection, const std::string& first_sql,
                                   const std::string& second_sql) {
  SharedLabels out;
  FENQUN_TRY(out.first_codes, codes_of(connection, first_sql));
  FENQUN_TRY(out.second_codes, codes_of(connection, second_sql));
  if (out.first_codes.empty() || out.second_codes.empty()) return out;
  FENQUN_CHECK(connection.stream(
      "SELECT " + place_sql("a.group_code", out.first_codes) + ", " + place_sql("b.group_code", out.second_codes) +
          " FROM (" + first_sql + ") a JOIN (" + second_sql +
          ") b ON a.customer_id = b.customer_id WHERE a.group_code IS NOT NULL AND b.group_code IS NOT NULL",
      [&](const warehouse::Chunk& chunk) -> Result<void> {
        for (std::size_t r = 0; r < chunk.rows(); ++r) {
          out.first.push_back(static_cast<std::uint32_t>(chunk.integer(0, r)));
          out.second.push_back(static_cast<std::uint32_t>(chunk.integer(1, r)));
        }
        return {};
      }));
  return out;
}

Result<std::vector<PublishedName>> name_groups(warehouse::Workspace& workspace, const segment::RunResult& run,
                                               Month valid_from, const std::vector<Publication>& of_scheme) {
  if (const auto* before = published_before(run.run_id, of_scheme)) return before->names;
  auto names = names_as_in(run);
  const auto known = known_codes(of_scheme);
  if (run.groups_named || known.empty()) return names;
  FENQUN_TRY(const auto month, month_to_carry_on(workspace.connection(), run.scheme, valid_from));
  FENQUN_TRY(const auto taken, carried_codes(workspace, run.run_id, standing_sql(run.scheme, month)));
  int last = 0;
  for (const auto& [code, title] : known) last = std::max(last, place_of(code));
  for (auto& name : names) {
    if (!name.is_group) continue;
    if (const auto at = taken.find(name.run_code); at != taken.end()) {
      name.code = at->second;
      name.title = known.at(at->second);
      continue;
    }
    name.code = "g" + std::to_string(++last);
    FENQUN_TRY(name.title, title_of_new(workspace.assets(), name, known));
  }
  return names;
}

CodeMap code_map(const std::vector<PublishedName>& names) {
  CodeMap out;
  for (const auto& name : names) {
    if (name.is_group) out.emplace_back(name.run_code, name.code);
  }
  return out;
}

}  // namespace fenqun::ledger
