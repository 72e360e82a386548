// segment/definitions.cpp
#include "segment/definitions.hpp"

#include "base/short_text.hpp"

#include <fmt/format.h>

namespace fenqun::segment {
namespace {

using warehouse::sql_text;

Result<std::vector<Definition>> read(warehouse::Workspace& workspace, const std::string& where) {
  FENQUN_TRY(const auto rows, workspace.connection().query(
                                  "SELECT s.scheme, s.version, s.definition, s.text, s.source, strftime(s.first_used, "
                                  "'%Y-%m-%d %H:%M:%S.%f'), (SELECT count(*) FROM run r WHERE r.scheme = s.scheme AND "
                                  "(r.result->>'definition') = s.definition) FROM scheme_version s" +
                                  where + " ORDER BY s.scheme, s.first_used, s.definition"));
  std::vector<Definition> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    out.push_back({rows.text(r, 0), static_cast<int>(rows.integer(r, 1)), rows.text(r, 2), rows.text(r, 3),
                   rows.text(r, 4), rows.text(r, 5), rows.integer(r, 6)});
  }
  return out;
}

}  // namespace

Result<std::vector<Definition>> definitions_of(warehouse::Workspace& workspace, const std::string& scheme) {
  return read(workspace, scheme.empty() ? "" : " WHERE s.scheme = " + sql_text(scheme));
}

bool is_unchanged(const Definition& definition) { return fingerprint_of(definition.text) == definition.definition; }

Result<Definition> find_definition(warehouse::Workspace& workspace, const std::string& key) {
  FENQUN_TRY(auto found, read(workspace, " WHERE s.definition = " + sql_text(key) +
                                             " OR s.definition IN (SELECT result->>'definition' FROM run WHERE run_id "
                                             "= " +
                                             sql_text(key) + ")"));
  if (found.empty()) return fail(ErrorCode::NotFound, "segment.no_definition", {{"definition", short_text(key)}});
  if (!is_unchanged(found.front())) {
    return fail(ErrorCode::BadData, "segment.definition_changed",
                {{"scheme", found.front().scheme}, {"definition", found.front().definition}});
  }
  return std::move(found.front());
}

Result<Scheme> scheme_of_run(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                             const RunResult& run) {
  if (run.definition.empty()) return load_scheme(workspace.assets(), catalogue, run.scheme);
  FENQUN_TRY(const auto kept, find_definition(workspace, run.run_id));
  return read_scheme(kept.text, kept.source, catalogue, run.scheme);
}

std::string keep_definition_sql(const Scheme& scheme) {
  return fmt::format(
      "INSERT INTO scheme_version SELECT {0}, {1}, {2}, {3}, {4}, now()::TIMESTAMP WHERE NOT EXISTS (SELECT 1 FROM "
      "scheme_version WHERE scheme = {0} AND definition = {2})",
      sql_text(scheme.name), scheme.version, sql_text(scheme.fingerprint), sql_text(scheme.text),
      sql_text(scheme.origin));
}

}  // namespace fenqun::segment
