// features/preparation.cpp
#include "features/preparation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::features {
namespace {

using warehouse::sql_text;

constexpr std::array<std::string_view, kSteps.size()> kNames = {"select", "clean", "reconstruct", "integrate",
                                                                "format"};

}  // namespace

std::string_view name_of(Step step) noexcept { return kNames[static_cast<std::size_t>(step)]; }

Result<Step> parse_step(std::string_view text) {
  for (const auto step : kSteps) {
    if (name_of(step) == text) return step;
  }
  std::string known;
  for (const auto name : kNames) known += (known.empty() ? "" : ", ") + std::string(name);
  return fail(ErrorCode::InvalidArgument, "features.no_step", {{"value", std::string(text)}, {"known", known}});
}

const StepRecord* PreparationRecord::find(Step step) const {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const StepRecord& one) { return one.step == step; });
  return found == steps.end() ? nullptr : &*found;
}

Result<std::optional<PreparationRecord>> read_preparation(warehouse::Workspace& workspace, Month as_of) {
  auto& connection = workspace.connection();
  const auto month = sql_text(as_of.text());
  FENQUN_TRY(const auto heads, connection.query("SELECT step, fingerprint, rows_in, rows_out FROM preparation WHERE "
                                                "as_of = " +
                                                month + " ORDER BY position"));
  if (heads.rows.empty()) return std::optional<PreparationRecord>();
  PreparationRecord out;
  out.as_of = as_of;
  out.fingerprint = heads.text(0, 1);
  for (std::size_t r = 0; r < heads.rows.size(); ++r) {
    FENQUN_TRY(const auto step, parse_step(heads.text(r, 0)));
    out.steps.push_back({step, heads.integer(r, 2), heads.integer(r, 3), {}});
  }
  FENQUN_TRY(
      const auto items,
      connection.query("SELECT step, kind, subject, name, state, reason, rows_in, rows_out FROM preparation_item "
                       "WHERE as_of = " +
                       month + " ORDER BY position"));
  for (std::size_t r = 0; r < items.rows.size(); ++r) {
    FENQUN_TRY(const auto step, parse_step(items.text(r, 0)));
    const auto at =
        std::find_if(out.steps.begin(), out.steps.end(), [&](const StepRecord& one) { return one.step == step; });
    if (at == out.steps.end()) continue;
    at->items.push_back({items.text(r, 1), items.text(r, 2), items.text(r, 3), items.text(r, 4), items.text(r, 5),
                         items.integer(r, 6), items.integer(r, 7)});
  }
  return std::optional<PreparationRecord>(std::move(out));
}

std::vector<std::string> storing(const PreparationRecord& record) {
  const auto month = sql_text(record.as_of.text());
  std::vector<std::string> out = {"DELETE FROM preparation WHERE as_of = " + month,
                                  "DELETE FROM preparation_item WHERE as_of = " + month};
  std::string heads;
  std::string items;
  std::size_t position = 0;
  for (const auto& step : record.steps) {
    const auto name = sql_text(name_of(step.step));
    heads += fmt::format("{}({}, {}, {}, {}, {}, {})", heads.empty() ? "" : ",\n", month, static_cast<int>(step.step),
                         name, sql_text(record.fingerprint), step.rows_in, step.rows_out);
    for (const auto& item : step.items) {
      items += fmt::format("{}({}, {}, {}, {}, {}, {}, {}, {}, {}, {})", items.empty() ? "" : ",\n", month, position++,
                           name, sql_text(item.kind), sql_text(item.subject), sql_text(item.name), sql_text(item.state),
                           sql_text(item.reason), item.rows_in, item.rows_out);
    }
  }
  out.push_back("INSERT INTO preparation VALUES " + heads);
  if (!items.empty()) out.push_back("INSERT INTO preparation_item VALUES " + items);
  return out;
}

}  // namespace fenqun::features
