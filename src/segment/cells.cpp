// segment/cells.cpp
#include "segment/cells.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

// At most some 20 kB a cell where all numbers of the wide table are summed.
constexpr std::uint64_t kMostCells = 4096;

// A run's digit of the cell's number: 0 is no group, else the place of the group from 1.
std::uint64_t digits(const RunResult& run) { return run.groups.size() + 1; }

std::string cell_case(std::span<const RunResult> runs) {
  std::string out = "CASE run_id";
  std::uint64_t step = 1;
  for (const auto& run : runs) {
    if (run.groups.empty()) continue;
    out += " WHEN " + sql_text(run.run_id) + " THEN CASE group_code";
    for (std::size_t g = 0; g < run.groups.size(); ++g)
      out += fmt::format(" WHEN {} THEN {}", sql_text(run.groups[g].code), (g + 1) * step);
    out += " END";
    step *= digits(run);
  }
  return out + " END";
}

std::string group_rows(std::span<const RunResult> runs) {
  std::string out;
  std::uint64_t step = 1;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    for (std::size_t g = 0; g < runs[r].groups.size(); ++g)
      out += fmt::format("{}({}, {}, {}, {}, {})", out.empty() ? "" : ", ", r, sql_text(runs[r].groups[g].code), g + 1,
                         step, digits(runs[r]));
    step *= digits(runs[r]);
  }
  return out;
}

}  // namespace

Cells::Cells(warehouse::Workspace::Scratch scratch)
    : scratch_(std::move(scratch)), customers_(table("customers")), groups_(table("groups")) {}

std::string Cells::table(const std::string& name) const { return sql_name(scratch_.catalogue()) + "." + name; }

Result<Cells> Cells::create(warehouse::Workspace& workspace, const std::string& scratch,
                            std::span<const RunResult> runs) {
  FENQUN_TRY(auto place, workspace.scratch(scratch, warehouse::Workspace::ScratchPlace::InMemory));
  Cells out(std::move(place));
  std::string ids;
  for (const auto& run : runs) ids += (ids.empty() ? "" : ", ") + sql_text(run.run_id);
  const auto rows = group_rows(runs);
  auto& connection = workspace.connection();
  if (rows.empty()) {
    FENQUN_CHECK(connection.execute("CREATE TABLE " + out.customers_ + " (customer_id VARCHAR, cell BIGINT); " +
                                    "CREATE TABLE " + out.groups_ + " (run BIGINT, group_code VARCHAR, cell BIGINT)"));
    return out;
  }
  FENQUN_CHECK(connection.execute("CREATE TABLE " + out.customers_ + " AS SELECT customer_id, sum(digit)::BIGINT AS " +
                                  "cell FROM (SELECT customer_id, " + cell_case(runs) + " AS digit FROM assignment " +
                                  "WHERE run_id IN (" + ids + ") AND group_code IS NOT NULL) WHERE digit IS NOT NULL " +
                                  "GROUP BY customer_id"));
  FENQUN_CHECK(connection.execute("CREATE TABLE " + out.groups_ + " AS SELECT v.run::BIGINT AS run, v.group_code, " +
                                  "c.cell FROM (VALUES " + rows + ") v(run, group_code, place, step, digits) JOIN " +
                                  "(SELECT DISTINCT cell FROM " + out.customers_ + ") c ON (c.cell // v.step) % " +
                                  "v.digits = v.place"));
  return out;
}

std::vector<RunBatch> batches_of(std::span<const RunResult> runs) {
  std::vector<RunBatch> out;
  std::uint64_t cells = 0;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const auto before = out.empty() ? runs.first(0) : runs.subspan(out.back().first, r - out.back().first);
    const bool fits = !before.empty() && runs[r].as_of == before.front().as_of &&
                      std::ranges::find(before, runs[r].run_id, &RunResult::run_id) == before.end() &&
                      cells * digits(runs[r]) <= kMostCells;
    if (!fits) {
      out.push_back({r, r});
      cells = 1;
    }
    cells *= digits(runs[r]);
    out.back().last = r + 1;
  }
  return out;
}

}  // namespace fenqun::segment
