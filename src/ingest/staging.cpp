// ingest/staging.cpp
#include "ingest/staging.hpp"

#include <algorithm>
#include <utility>

namespace fenqun::ingest {
namespace {

using warehouse::sql_name;
using warehouse::Workspace;

// A statement of ours that the database refuses while it reads the file is about the file.
Error about_file(Error error, const Source& source) {
  if (error.code != ErrorCode::Database) return error;
  return {ErrorCode::BadData,
          {"ingest.cannot_parse", {{"file", source.file.string()}, {"reason", std::string(error.arg("reason"))}}},
          {}};
}

Result<void> drop_rejects(Workspace& workspace, const StagePlan& plan) {
  for (const auto& table : plan.rejects) {
    FENQUN_CHECK(workspace.connection().execute("DROP TABLE IF EXISTS " + sql_name(table) + "; DROP TABLE IF EXISTS " +
                                                sql_name(table + "_scan")));
  }
  return {};
}

Result<void> keep_broken_records(Workspace& workspace, const Source& source, StagedEntity& entity) {
  auto& connection = workspace.connection();
  FENQUN_CHECK(
      connection.execute("CREATE TABLE " + entity.broken + " AS " + source.broken_sql(entity.plan.rejects.front())));
  FENQUN_TRY(entity.broken_records, connection.query_integer("SELECT count(*) FROM " + entity.broken));
  return source.format == SourceFormat::Parquet ? Result<void>() : drop_rejects(workspace, entity.plan);
}

// Records that the database could split, counted by itself.
Result<std::int64_t> split_records(Workspace& workspace, const Source& source, const StagedEntity& entity,
                                   std::int64_t staged_rows) {
  if (!entity.plan.has_ordinal) return staged_rows;
  const std::string rejects = "ingest_count";
  auto& connection = workspace.connection();
  FENQUN_TRY(const auto count, connection.query_integer("SELECT count(*) FROM " + source.reader_sql(rejects)));
  FENQUN_CHECK(connection.execute("DROP TABLE IF EXISTS ingest_count; DROP TABLE IF EXISTS ingest_count_scan"));
  return count;
}

Result<void> check_structure(Workspace& workspace, const Source& source, const StagedEntity& entity,
                             std::int64_t staged_rows) {
  FENQUN_TRY(const auto split, split_records(workspace, source, entity, staged_rows));
  if (split + entity.broken_records == source.records) return {};
  return fail(ErrorCode::BadData, "ingest.unclear_structure",
              {{"file", source.file.string()},
               {"scanned", std::to_string(source.records)},
               {"read", std::to_string(split + entity.broken_records)}});
}

// The zone of the workspace's times: fenqun.yaml's `zone`.
Result<std::string> zone_of(Workspace& workspace) {
  FENQUN_TRY(auto zone, workspace.settings().text("zone", "Asia/Shanghai"));
  // Asked of the one, not looked for among six hundred.
  const auto known = workspace.connection().query("SELECT CAST(timezone(" + warehouse::sql_text(zone) +
                                                  ", TIMESTAMP '2000-01-01') AS VARCHAR)");
  if (known) return zone;
  if (known.error().code != ErrorCode::Database) return fail(known.error());
  return fail(ErrorCode::BadData, "ingest.unknown_zone", {{"file", "fenqun.yaml"}, {"zone", zone}});
}

}  // namespace

Result<StagingArea> StagingArea::create(Workspace& workspace, const Workspace::Scratch& scratch, const Source& source) {
  constexpr std::int64_t kParquetGrowth = 8;  // compressed columns against staged ones, about
  std::error_code ec;
  auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(source.readable, ec));
  if (source.format == SourceFormat::Parquet) bytes *= kParquetGrowth;
  if (bytes > kStageInMemoryBytes) {
    const auto& quoted = scratch.catalogue();
    return StagingArea(&workspace, quoted.starts_with('"') ? quoted.substr(1, quoted.size() - 2) : quoted, false);
  }
  const std::string name = "ingest_stage";
  FENQUN_CHECK(workspace.connection().execute("ATTACH ':memory:' AS " + sql_name(name)));
  return StagingArea(&workspace, name, true);
}

StagingArea::StagingArea(StagingArea&& other) noexcept
    : workspace_(std::exchange(other.workspace_, nullptr)),
      catalogue_(std::move(other.catalogue_)),
      attached_(other.attached_) {}

StagingArea::~StagingArea() {
  if (workspace_ == nullptr || !attached_) return;
  // Also after a stop: the detaching itself must not be interrupted.
  auto& connection = workspace_->connection();
  connection.watch(nullptr, {});
  static_cast<void>(connection.execute("DETACH " + sql_name(catalogue_)));
  connection.watch(workspace_->options().progress, workspace_->options().stop);
}

std::string column_list(const std::vector<std::string>& names, const std::string& alias) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + (alias.empty() ? "" : alias + ".") + sql_name(name);
  return out;
}

std::string key_join(const warehouse::Contract& contract, const std::string& left, const std::string& right) {
  std::string out;
  for (const auto& name : contract.key) {
    out += (out.empty() ? "" : " AND ") + left + "." + sql_name(name) + " = " + right + "." + sql_name(name);
  }
  return out;
}

std::vector<std::string> StagedEntity::accepted_fields() const {
  if (replaced_rows == 0) return plan.fields;
  std::vector<std::string> all;
  for (const auto& field : contract->fields) all.push_back(field.name);
  return all;
}

std::string StagedEntity::accepted_rows() const {
  std::string columns;
  for (const auto& name : accepted_fields()) {
    const bool given = std::find(plan.fields.begin(), plan.fields.end(), name) != plan.fields.end();
    columns += (columns.empty() ? "" : ", ") + std::string(given ? "s." : "o.") + sql_name(name);
  }
  std::string sql = "SELECT " + columns + " FROM " + staged + " s";
  if (replaced_rows > 0) sql += " LEFT JOIN " + replaced + " o ON o.rid = s.rowid";
  sql += " WHERE s._fault IS NULL";
  if (dropped_rows > 0) sql += " AND s.rowid NOT IN (SELECT rid FROM " + dropped + ")";
  return sql;
}

std::string StagingArea::table(const std::string& name) const { return sql_name(catalogue_) + "." + sql_name(name); }

Result<StagedEntity> stage_entry(Workspace& workspace, const StagingArea& area, const Source& source,
                                 const Mapping& mapping, std::size_t number) {
  StagedEntity entity;
  entity.entry = &mapping.load[number];
  entity.contract = workspace.contracts().find(entity.entry->entity);
  entity.counts.entity = entity.entry->entity;
  const auto suffix = std::to_string(number);
  entity.staged = area.table("s" + suffix);
  entity.broken = area.table("broken" + suffix);
  entity.dropped = area.table("dropped" + suffix);
  entity.replaced = area.table("replaced" + suffix);
  std::vector<const LoadEntry*> entries;
  for (const auto& entry : mapping.load) {
    if (entry.entity == entity.entry->entity) entries.push_back(&entry);
  }
  FENQUN_TRY(const auto zone, zone_of(workspace));
  FENQUN_TRY(entity.plan, plan_stage(entries, mapping, *entity.contract, source, zone, "ingest_rejects" + suffix));
  auto& connection = workspace.connection();
  // Left over from a file that was refused half way.
  FENQUN_CHECK(drop_rejects(workspace, entity.plan));
  const auto staged = connection.execute("CREATE TABLE " + entity.staged + " AS " + entity.plan.select);
  if (!staged) return fail(about_file(staged.error(), source));
  FENQUN_CHECK(keep_broken_records(workspace, source, entity));
  FENQUN_TRY(const auto found, connection.query("SELECT count(*), count(_fault) FROM " + entity.staged));
  FENQUN_CHECK(check_structure(workspace, source, entity, found.integer(0, 0)));
  FENQUN_CHECK(connection.execute("CREATE TABLE " + entity.dropped + " (rid BIGINT, rule SMALLINT, other BIGINT)"));
  const auto broken_here = number == 0 ? entity.broken_records : 0;
  // A plain entry's rows are the file's records, by our own count; the check above tied the two together.
  const auto rows = entity.plan.has_ordinal ? found.integer(0, 0) + entity.broken_records : source.records;
  entity.counts.rows_in = rows - entity.broken_records + broken_here;
  entity.counts.rows_rejected = found.integer(0, 1) + broken_here;
  return entity;
}

}  // namespace fenqun::ingest
