// app/reporting.cpp - gathers the finished results that a report shows.
#include "app/reporting.hpp"

#include "app/customer_lists.hpp"
#include "app/page_head.hpp"
#include "app/segmentation.hpp"
#include "base/file.hpp"
#include "report/csv_report.hpp"
#include "report/html_report.hpp"
#include "segment/prepared.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fenqun::app {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

Result<std::vector<report::EntityCount>> count_entities(Session& session) {
  std::vector<report::EntityCount> out;
  auto& connection = session.workspace.connection();
  for (const auto& contract : session.workspace.contracts().all()) {
    report::EntityCount line{contract.entity, contract.title, 0, "", ""};
    if (contract.kind == warehouse::EntityKind::Master) {
      FENQUN_TRY(line.rows, connection.query_integer("SELECT count(*) FROM " + sql_name("m_" + contract.entity)));
    } else {
      FENQUN_TRY(const auto found,
                 connection.query(
                     "SELECT coalesce(sum(rows), 0)::BIGINT, min(month), max(month) FROM lake_file WHERE entity = " +
                     sql_text(contract.entity)));
      line.rows = found.integer(0, 0);
      line.first_month = found.text(0, 1);
      line.last_month = found.text(0, 2);
    }
    if (line.rows > 0) out.push_back(std::move(line));
  }
  return out;
}

/// Whether a rejected cell may hold something personal: a field that is, or a column or whole line that is no field of
/// an entity that has such fields.
bool is_personal(const warehouse::ContractSet& contracts, const std::string& entity, const std::string& column) {
  const auto* contract = contracts.find(entity);
  if (contract == nullptr) return true;
  const auto personal = [](const warehouse::Field& field) {
    return field.sensitivity == warehouse::Sensitivity::Personal ||
           field.sensitivity == warehouse::Sensitivity::Sensitive;
  };
  const auto* field = contract->find(column);
  return field != nullptr ? personal(*field) : std::ranges::any_of(contract->fields, personal);
}

Result<void> add_batches(Session& session, report::ReportModel& model) {
  auto& connection = session.workspace.connection();
  FENQUN_TRY(
      const auto batches,
      connection.query("SELECT source, mapping, rows_in, rows_loaded, rows_duplicate, rows_superseded, rows_rejected "
                       "FROM batch ORDER BY rows_rejected DESC, loaded_at, source"));
  for (std::size_t r = 0; r < batches.rows.size(); ++r) {
    model.batches.push_back({batches.text(r, 0), batches.text(r, 1), batches.integer(r, 2), batches.integer(r, 3),
                             batches.integer(r, 4), batches.integer(r, 5), batches.integer(r, 6)});
  }
  FENQUN_TRY(
      const auto rejected,
      connection.query(
          "SELECT source, line, column_name, reason, value, entity FROM quarantine ORDER BY source, line LIMIT 200"));
  for (std::size_t r = 0; r < rejected.rows.size(); ++r) {
    model.rejections.push_back({rejected.text(r, 0), rejected.integer(r, 1), rejected.text(r, 2), rejected.text(r, 3),
                                rejected.text(r, 4),
                                is_personal(session.workspace.contracts(), rejected.text(r, 5), rejected.text(r, 2))});
  }
  return {};
}

Result<void> add_coverage(Session& session, Month month, report::ReportModel& model) {
  FENQUN_CHECK(segment::check_prepared(session.workspace, session.catalogue, month));
  std::string sql = "SELECT count(*)";
  for (const auto& feature : session.catalogue.features()) sql += ", count(" + sql_name(feature.name) + ")";
  FENQUN_TRY(const auto counts, session.workspace.connection().query(sql + " FROM wide WHERE as_of = DATE " +
                                                                     sql_text(month.first_date())));
  model.customers = counts.integer(0, 0);
  for (std::size_t f = 0; f < session.catalogue.features().size(); ++f) {
    const auto present = counts.integer(0, f + 1);
    model.coverage.push_back({session.catalogue.features()[f].name, present, model.customers - present});
  }
  return {};
}

// Customers by energy, largest first: how much do the first 1, 5, 10 ... per cent hold?
Result<void> add_concentration(Session& session, Month month, report::ReportModel& model) {
  constexpr std::array kShares = {0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};
  const std::string ranked =
      "(SELECT energy, row_number() OVER (ORDER BY energy DESC) AS place FROM (SELECT CAST(coalesce(energy_total_kwh, "
      "energy_12m_kwh) AS "
      "DECIMAL(38, 6)) AS energy FROM wide WHERE as_of = DATE " +
      sql_text(month.first_date()) + ") WHERE energy IS NOT NULL)";
  auto& connection = session.workspace.connection();
  FENQUN_TRY(const auto total, connection.query("SELECT count(*), sum(energy)::DOUBLE FROM " + ranked));
  const auto customers = total.integer(0, 0);
  const double energy = total.number(0, 1);
  if (customers == 0 || !(energy > 0)) return {};
  std::string sql = "SELECT 0";
  for (const double share : kShares) {
    sql += ", (sum(energy) FILTER (WHERE place <= ceil(" + std::to_string(share) + " * " + std::to_string(customers) +
           ")))::DOUBLE";
  }
  FENQUN_TRY(const auto sums, connection.query(sql + " FROM " + ranked));
  for (std::size_t s = 0; s < kShares.size(); ++s) {
    const auto count = static_cast<std::int64_t>(std::ceil(kShares[s] * static_cast<double>(customers) - 1e-9));
    model.concentration.push_back({kShares[s], sums.number(0, s + 1) / energy, count});
  }
  return {};
}

Result<report::ReportModel> gather(Session& session, const ReportRequest& request, Month month) {
  report::ReportModel model;
  model.language = session.caller.language;
  FENQUN_CHECK(fill_head(session, model));
  model.as_of = month.text();
  model.stages = request.stages;
  FENQUN_TRY(model.entities, count_entities(session));
  FENQUN_CHECK(add_batches(session, model));
  FENQUN_CHECK(add_coverage(session, month, model));
  FENQUN_CHECK(add_concentration(session, month, model));
  FENQUN_TRY(auto portraits, portray(session, month, request.schemes));
  for (auto& one : portraits) model.schemes.push_back({std::move(one.run), std::move(one.portrait)});
  FENQUN_TRY(model.not_comparable, list_not_comparable(session, month));
  return model;
}

}  // namespace

Result<ReportOutcome> write_report(Session& session, const ReportRequest& request) {
  ReportOutcome out;
  if (request.month) {
    out.as_of = *request.month;
  } else {
    FENQUN_TRY(out.as_of, latest_prepared_month(session));
  }
  ProgressStage stage(session, "app.stage_report");
  FENQUN_TRY(auto model, gather(session, request, out.as_of));
  const std::string code(code_of(session.caller.language));
  out.html = request.html.empty()
                 ? session.workspace.folder() / "reports" / out.as_of.text() / ("report." + code + ".html")
                 : request.html;
  const auto folder = out.html.has_parent_path() ? out.html.parent_path() : std::filesystem::path(".");
  const auto stem = out.html.stem().string();
  out.groups_csv = folder / (stem + ".groups.csv");
  out.portrait_csv = folder / (stem + ".portrait.csv");
  out.customers_csv = folder / (stem + ".customers.csv");
  model.customers_csv = out.customers_csv.filename().string();
  FENQUN_CHECK(make_page_folder(folder));
  FENQUN_TRY(const auto html, report::render_html(model, session.catalogue, session.texts, session.workspace.assets()));
  FENQUN_CHECK(write_file_atomically(out.html, html));
  FENQUN_CHECK(write_file_atomically(out.groups_csv, report::render_groups_csv(model, session.texts)));
  FENQUN_CHECK(
      write_file_atomically(out.portrait_csv, report::render_portrait_csv(model, session.catalogue, session.texts)));
  std::vector<const segment::RunResult*> runs;
  runs.reserve(model.schemes.size());
  for (const auto& section : model.schemes) runs.push_back(&section.run);
  FENQUN_CHECK(write_group_list(session, out.as_of, runs, out.customers_csv));
  stage.done();
  return out;
}

}  // namespace fenqun::app
