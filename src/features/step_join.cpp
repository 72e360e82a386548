// features/step_join.cpp - the parts of steps.hpp that tell what was derived, joined and brought into form.
#include "features/steps.hpp"

#include <algorithm>

namespace fenqun::features {
namespace {

using warehouse::EntityKind;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

// Facts whose customer is not in the file; those that a monthly table has summed up are counted there.
Result<void> add_unknown(Workspace& workspace, const FeatureCatalogue& catalogue, const Workbench& bench,
                         StepRecord& out) {
  for (const auto& contract : workspace.contracts().all()) {
    if (contract.kind != EntityKind::Fact || contract.find("customer_id") == nullptr ||
        !bench.values().loaded.contains(contract.entity)) {
      continue;
    }
    std::string rows = "count(*)";
    std::string from = contract.entity;
    for (const auto& table : catalogue.intermediates()) {
      const auto counted = table.counts.find(contract.entity);
      if (counted == table.counts.end()) continue;
      rows = "sum(" + sql_name(counted->second) + ")";
      from = table.name;
    }
    FENQUN_TRY(const auto found, workspace.connection().query(
                                     "SELECT coalesce(CAST(" + rows + " AS BIGINT), 0), coalesce(CAST(" + rows +
                                     " FILTER (WHERE c.customer_id IS NULL) AS BIGINT), 0) FROM " + sql_name(from) +
                                     " t LEFT JOIN m_customer c ON c.customer_id = t.customer_id WHERE "
                                     "t.customer_id IS NOT NULL"));
    if (found.integer(0, 1) == 0) continue;
    out.items.push_back(
        {"unknown", contract.entity, "", "", "unknown_customer", found.integer(0, 0), found.integer(0, 1)});
  }
  return {};
}

StepItem judge_feature(const Feature& feature, const WideMeasure::OfFeature& measure, std::int64_t customers,
                       const PreparationRules& rules) {
  StepItem item{"feature", feature.family, feature.name, "usable", "", customers, measure.present};
  const auto missing = static_cast<double>(customers - measure.present);
  if (measure.present == 0) {
    item.state = "left_out";
    item.reason = "empty";
  } else if (missing > rules.mostly_empty_share * static_cast<double>(customers)) {
    item.state = "noted";
    item.reason = "mostly_empty";
  } else if (measure.is_constant) {
    item.state = "noted";
    item.reason = "constant";
  }
  return item;
}

}  // namespace

Result<WideMeasure> measure_wide(Workspace& workspace, const FeatureCatalogue& catalogue,
                                 const std::filesystem::path& wide) {
  // CASE, not FILTER: each filter of a statement copies the columns of all the others, row by row.
  std::string sql = "SELECT count(*)";
  for (const auto& feature : catalogue.features()) {
    const auto column = sql_name(feature.name);
    sql += ", count(" + column + "), " +
           (feature.type == FeatureType::Number ? "count(CASE WHEN NOT isfinite(" + column + ") THEN 1 END)" : "0") +
           ", coalesce(min(" + column + ") = max(" + column + "), false)";
  }
  for (const auto& family : catalogue.families()) {
    std::string any;
    for (const auto& feature : catalogue.features()) {
      if (feature.family == family.name) any += (any.empty() ? "" : " OR ") + sql_name(feature.name) + " IS NOT NULL";
    }
    sql += any.empty() ? ", 0" : ", count(CASE WHEN " + any + " THEN 1 END)";
  }
  FENQUN_TRY(const auto found,
             workspace.connection().query(sql + " FROM read_parquet(" + sql_text(wide.string()) + ")"));
  WideMeasure out;
  out.customers = found.integer(0, 0);
  std::size_t at = 1;
  for (const auto& feature : catalogue.features()) {
    if (const auto bad = found.integer(0, at + 1); bad > 0) {
      return fail(ErrorCode::BadData, "features.not_finite",
                  {{"family", feature.family}, {"feature", feature.name}, {"rows", std::to_string(bad)}});
    }
    const auto present = found.integer(0, at);
    out.features.push_back({present, present > 1 && found.boolean(0, at + 2)});
    at += 3;
  }
  for (std::size_t f = 0; f < catalogue.families().size(); ++f) out.of_families.push_back(found.integer(0, at + f));
  return out;
}

Result<StepRecord> reconstruct_data(Workspace& workspace, const FeatureCatalogue& catalogue, const Workbench& bench,
                                    const std::vector<MonthlyOutcome>& monthly) {
  StepRecord out{Step::Reconstruct, 0, 0, {}};
  for (const auto& table : monthly) {
    out.items.push_back({"monthly", table.table, "", "", "", table.source_rows, table.rows});
    out.rows_in += table.source_rows;
    out.rows_out += table.rows;
  }
  for (const auto& table : catalogue.intermediates()) {
    if (table.is_view || !table.by_month.empty()) continue;
    FENQUN_TRY(const auto rows,
               workspace.connection().query_integer("SELECT count(*) FROM " + bench.table(table.name)));
    std::int64_t source_rows = 0;
    for (const auto& entity : table.entities) {
      if (!bench.values().loaded.contains(entity)) continue;
      FENQUN_TRY(const auto count, workspace.connection().query_integer("SELECT count(*) FROM " + sql_name(entity)));
      source_rows += count;
    }
    out.items.push_back({"table", table.name, "", "", "", source_rows, rows});
  }
  for (const auto& family : catalogue.families()) {
    const auto& features = catalogue.features();
    out.items.push_back({"family", family.name, "", "", "", std::ssize(family.entities),
                         std::count_if(features.begin(), features.end(),
                                       [&](const Feature& feature) { return feature.family == family.name; })});
  }
  return out;
}

Result<StepRecord> integrate_data(Workspace& workspace, const FeatureCatalogue& catalogue, const Workbench& bench,
                                  const WideMeasure& measure) {
  StepRecord out{Step::Integrate, 0, measure.customers, {}};
  FENQUN_TRY(const auto closed, bench.filled("closed_on <= ${month_end}", ""));
  FENQUN_TRY(const auto found,
             workspace.connection().query("SELECT count(*), count(*) FILTER (WHERE " + closed + ") FROM m_customer"));
  out.rows_in = found.integer(0, 0);
  const auto not_open_yet = out.rows_in - measure.customers - found.integer(0, 1);
  if (found.integer(0, 1) > 0) out.items.push_back({"left_out", "", "", "closed", "", found.integer(0, 1), 0});
  if (not_open_yet > 0) out.items.push_back({"left_out", "", "", "not_open_yet", "", not_open_yet, 0});
  for (std::size_t f = 0; f < catalogue.families().size(); ++f) {
    out.items.push_back({"join", catalogue.families()[f].name, "", "", "", measure.customers, measure.of_families[f]});
  }
  FENQUN_CHECK(add_unknown(workspace, catalogue, bench, out));
  return out;
}

Result<StepRecord> format_data(Workspace& workspace, const FeatureCatalogue& catalogue, const WideMeasure& measure,
                               const std::filesystem::path& readiness) {
  StepRecord out{Step::Format, measure.customers, measure.customers, {}};
  for (std::size_t f = 0; f < catalogue.features().size(); ++f) {
    out.items.push_back(
        judge_feature(catalogue.features()[f], measure.features[f], measure.customers, catalogue.rules()));
  }
  const auto from = " FROM read_parquet(" + sql_text(readiness.string()) + ")";
  std::string sql = "SELECT 0";
  constexpr std::array<std::string_view, 3> kBadges = {"full", "partial", "insufficient"};
  for (const auto& family : catalogue.families()) {
    for (const auto badge : kBadges) {
      sql += ", count(CASE WHEN " + sql_name("badge_" + family.name) + " = " + sql_text(badge) + " THEN 1 END)";
    }
  }
  FENQUN_TRY(const auto badges, workspace.connection().query(sql + from));
  std::size_t at = 1;
  for (const auto& family : catalogue.families()) {
    for (const auto badge : kBadges) {
      out.items.push_back(
          {"sufficiency", family.name, "", std::string(badge), "", measure.customers, badges.integer(0, at++)});
    }
  }
  FENQUN_TRY(const auto excluded, workspace.connection().query("SELECT reason, count(*)" + from +
                                                               " WHERE NOT is_comparable GROUP BY 1 ORDER BY "
                                                               "2 DESC, 1"));
  for (std::size_t r = 0; r < excluded.rows.size(); ++r) {
    out.items.push_back({"not_comparable", "", "", excluded.text(r, 0), "", measure.customers, excluded.integer(r, 1)});
  }
  return out;
}

}  // namespace fenqun::features
