// features/step_clean.cpp - the part of steps.hpp that tells what was refused, filled in and pointed out.
#include "features/steps.hpp"

namespace fenqun::features {
namespace {

using warehouse::RowSet;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

Result<void> add_loading(Workspace& workspace, StepRecord& out) {
  auto& connection = workspace.connection();
  FENQUN_TRY(const auto loaded,
             connection.query("SELECT entity, CAST(sum(rows_in) AS BIGINT), CAST(sum(rows_loaded) AS BIGINT), "
                              "CAST(sum(rows_duplicate) AS BIGINT), CAST(sum(rows_superseded) AS BIGINT), "
                              "CAST(sum(rows_rejected) AS BIGINT) FROM batch_entity GROUP BY 1 ORDER BY 1"));
  for (std::size_t r = 0; r < loaded.rows.size(); ++r) {
    const auto entity = loaded.text(r, 0);
    // What replaced an older row was taken in as well.
    const auto taken = loaded.integer(r, 2) + loaded.integer(r, 4);
    out.items.push_back({"loading", entity, "", "", "", loaded.integer(r, 1), taken});
    out.rows_in += loaded.integer(r, 1);
    out.rows_out += taken;
    constexpr std::array<std::string_view, 3> kOutcomes = {"duplicate", "superseded", "rejected"};
    for (std::size_t o = 0; o < kOutcomes.size(); ++o) {
      const auto rows = loaded.integer(r, 3 + o);
      if (rows > 0) out.items.push_back({"outcome", entity, "", std::string(kOutcomes[o]), "", rows, 0});
    }
  }
  FENQUN_TRY(
      const auto rejected,
      connection.query("SELECT entity, coalesce(column_name, ''), reason, count(*) FROM quarantine GROUP BY 1, 2, 3 "
                       "ORDER BY 1, 4 DESC, 2, 3"));
  for (std::size_t r = 0; r < rejected.rows.size(); ++r) {
    out.items.push_back(
        {"rejection", rejected.text(r, 0), rejected.text(r, 1), "", rejected.text(r, 2), rejected.integer(r, 3), 0});
  }
  FENQUN_TRY(const auto converted,
             connection.query("SELECT mapping, count(*), CAST(sum(rows_in) AS BIGINT) FROM batch WHERE mapping NOT IN "
                              "('', 'canonical') GROUP BY 1 ORDER BY 1"));
  for (std::size_t r = 0; r < converted.rows.size(); ++r) {
    out.items.push_back(
        {"conversion", converted.text(r, 0), "", "", "", converted.integer(r, 1), converted.integer(r, 2)});
  }
  return {};
}

Result<void> add_imputation(Workspace& workspace, const ImputationRule& rule, const PreparationRules& rules,
                            const Workbench& bench, StepRecord& out) {
  auto& connection = workspace.connection();
  StepItem item{"imputed", rule.entity, rule.field, rule.name, "", 0, 0};
  if (rule.value.empty()) {
    FENQUN_TRY(const auto sql, bench.filled(rule.count, rules.origin));
    FENQUN_TRY(const auto found,
               connection.query("SELECT CAST(filled AS BIGINT), CAST(customers AS BIGINT) FROM (" + sql + "\n)"));
    // The rule fills what it finds lacking: customers concerned, values filled.
    item.rows_in = found.rows.empty() ? 0 : found.integer(0, 1);
    item.rows_out = found.rows.empty() ? 0 : found.integer(0, 0);
  } else {
    FENQUN_TRY(item.rows_in, connection.query_integer("SELECT count(*) FROM " + sql_name("m_" + rule.entity) +
                                                      " WHERE " + sql_name(rule.field) + " IS NULL"));
    FENQUN_TRY(item.rows_out, connection.query_integer("SELECT count(*) FROM " + bench.table("imputed") +
                                                       " WHERE rule = " + sql_text(rule.name)));
  }
  out.items.push_back(std::move(item));
  return {};
}

Result<void> add_outliers(Workspace& workspace, const PreparationRules& rules, const Workbench& bench,
                          StepRecord& out) {
  for (const auto& rule : rules.outliers) {
    FENQUN_TRY(const auto found,
               workspace.connection().query("SELECT count(*), count(DISTINCT customer_id) FROM " +
                                            bench.table("outlier") + " WHERE rule = " + sql_text(rule.name)));
    out.items.push_back({"outlier", rule.name, "", "", "", found.integer(0, 0), found.integer(0, 1)});
  }
  return {};
}

}  // namespace

Result<StepRecord> clean_data(Workspace& workspace, const FeatureCatalogue& catalogue, const Workbench& bench) {
  StepRecord out{Step::Clean, 0, 0, {}};
  FENQUN_CHECK(add_loading(workspace, out));
  const auto& rules = catalogue.rules();
  for (const auto& rule : rules.imputation) FENQUN_CHECK(add_imputation(workspace, rule, rules, bench, out));
  FENQUN_CHECK(add_outliers(workspace, rules, bench, out));
  return out;
}

}  // namespace fenqun::features
