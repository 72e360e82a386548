// ingest/ingest.cpp - the way of one file from its bytes to the commit.
#include "ingest/ingest.hpp"

#include "base/file.hpp"
#include "base/worker_pool.hpp"
#include "ingest/entity_guess.hpp"
#include "ingest/file_ingest.hpp"
#include "ingest/lake_writer.hpp"
#include "ingest/rejections.hpp"
#include "ingest/replaced_rows.hpp"
#include "reader/scratch_file.hpp"
#include "warehouse/database_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace fenqun::ingest {
namespace {

namespace fs = std::filesystem;
using warehouse::EntityKind;
using warehouse::sql_name;
using warehouse::sql_text;
using warehouse::Workspace;

// A title while it lives.
class Stage {
 public:
  Stage(Workspace& workspace, const IngestRequest& request, const char* key) : progress_(workspace.progress()) {
    const TextArgs args = {{"file", request.file.filename().string()}};
    progress_.begin(request.texts != nullptr ? (*request.texts)(key, args) : std::string(key));
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage() { progress_.end(); }

 private:
  Progress& progress_;
};

// A full disk is the user's to mend, like bad data: the same exit code, whoever met it.
Error as_disk_full(Error error, const fs::path& file) {
  const std::string reason(error.arg("reason"));
  if (error.code != ErrorCode::Io || !warehouse::is_no_space(reason)) return error;
  return {ErrorCode::BadData, {"ingest.disk_full", {{"file", file.string()}, {"reason", reason}}}, {}};
}

class FileIngest {
 public:
  FileIngest(Workspace& workspace, const IngestRequest& request, std::vector<std::string> statements)
      : workspace_(workspace), request_(request), statements_(std::move(statements)) {}

  Result<IngestOutcome> run();

 private:
  Result<void> identify();
  Result<bool> has_its_size();
  Result<void> hash();
  Result<Source> open(const fs::path& folder);
  Result<Source> hash_and_open(const fs::path& folder);
  Result<bool> is_loaded();
  Result<void> load(const Workspace::Scratch& scratch);
  Result<void> choose_canonical(const Source& source);
  Result<void> stage_all(const Source& source, const StagingArea& area);
  Result<double> accepted_share() const;
  Result<void> commit(const Workspace::Scratch& scratch, const StagingArea& area, const Source& source);
  Result<void> write_rows(const Workspace::Scratch& scratch);
  void add_master(const StagedEntity& entity);
  Result<void> check_counts() const;
  Result<void> give_up_expired();
  void add_manifest();

  Workspace& workspace_;
  const IngestRequest& request_;
  IngestOutcome outcome_;
  Mapping mapping_;
  std::string content_hash_;
  std::vector<StagedEntity> entities_;
  std::vector<warehouse::LakeFile> files_;
  std::vector<std::string> obsolete_;  // files of the lake whose rows were replaced
  std::vector<std::string> statements_;
  std::vector<std::int64_t> written_;  // rows that left for the workspace, by entity
};

Result<IngestOutcome> FileIngest::run() {
  FENQUN_CHECK(identify());
  FENQUN_TRY(auto scratch, workspace_.scratch("ingest"));
  auto done = load(scratch);
  if (!done) return fail(std::move(done).error());
  return std::move(outcome_);
}

// What file and what mapping: with the hash enough to know whether it was loaded before, but for canonical files whose
// entity only their header tells.
Result<void> FileIngest::identify() {
  outcome_.file = request_.file;
  // Before anybody else opens it: to hash a pipe would wait for ever.
  FENQUN_TRY(const auto readable, reader::InputFile::open(request_.file));
  std::error_code ec;
  outcome_.bytes = static_cast<std::int64_t>(fs::file_size(request_.file, ec));
  if (!request_.mapping.empty()) {
    FENQUN_TRY(mapping_, find_mapping(request_.mapping, workspace_.assets(), workspace_.contracts()));
  } else if (const auto* contract = stated_entity(workspace_.contracts(), request_)) {
    mapping_ = canonical_mapping(*contract, {});
  }
  return {};
}

Result<bool> FileIngest::has_its_size() {
  FENQUN_TRY(const auto batches, workspace_.connection().query_integer(fmt::format(
                                     "SELECT count(*)::BIGINT FROM batch WHERE bytes = {}", outcome_.bytes)));
  return batches > 0;
}

Result<void> FileIngest::hash() {
  auto hash = hash_file(request_.file);
  if (!hash) {
    return fail(ErrorCode::BadData, "ingest.unreadable",
                {{"file", request_.file.string()}, {"reason", std::string(hash.error().arg("reason"))}});
  }
  content_hash_ = *std::move(hash);
  return {};
}

Result<Source> FileIngest::open(const fs::path& folder) {
  const Stage stage(workspace_, request_, "ingest.progress_open");
  return open_source(workspace_, folder, request_.file, mapping_.source);
}

// Both read every byte, and neither needs the other.
Result<Source> FileIngest::hash_and_open(const fs::path& folder) {
  Result<void> hashed;
  std::optional<Result<Source>> opened;
  WorkerPool(workspace_.options().threads).for_blocks(2, 1, [&](std::size_t block, std::size_t, std::size_t) {
    if (block == 0)
      hashed = hash();
    else
      opened.emplace(open(folder));
  });
  FENQUN_CHECK(hashed);
  return *std::move(opened);
}

Result<bool> FileIngest::is_loaded() {
  outcome_.mapping = mapping_.name;
  outcome_.batch_id = hash_text(content_hash_ + mapping_.hash).substr(0, 16);
  const auto where = " FROM batch WHERE batch_id = " + sql_text(outcome_.batch_id);
  auto& connection = workspace_.connection();
  FENQUN_TRY(const auto found, connection.query_integer("SELECT count(*)" + where));
  if (found == 0) return false;
  outcome_.already_loaded = true;
  // Which entities it holds, without a row: the counts of the first load are that batch's.
  FENQUN_TRY(const auto each, connection.query("SELECT entity FROM batch_entity WHERE batch_id = " +
                                               sql_text(outcome_.batch_id) + " ORDER BY rowid"));
  for (std::size_t r = 0; r < each.rows.size(); ++r) outcome_.entities.push_back({each.text(r, 0)});
  return true;
}

Result<void> FileIngest::load(const Workspace::Scratch& scratch) {
  // What no batch has the size of was not loaded before.
  FENQUN_TRY(const bool may_be_known, has_its_size());
  if (may_be_known) {
    FENQUN_CHECK(hash());
    FENQUN_TRY(const bool loaded, is_loaded());
    if (loaded) return {};
  }
  auto opened = may_be_known ? open(scratch.folder()) : hash_and_open(scratch.folder());
  if (!opened) return fail(std::move(opened).error());
  const auto& source = *opened;
  if (request_.mapping.empty()) FENQUN_CHECK(choose_canonical(source));
  FENQUN_TRY(const bool loaded, is_loaded());
  if (loaded) return {};
  outcome_.records = source.records;
  outcome_.source = source.report;
  outcome_.unread_columns = unread_columns(mapping_, source);
  FENQUN_TRY(const auto area, StagingArea::create(workspace_, scratch, source));
  FENQUN_CHECK(stage_all(source, area));
  FENQUN_TRY(const double accepted, accepted_share());
  const auto& total = outcome_.total;
  if (static_cast<double>(total.rows_rejected) > accepted * static_cast<double>(total.rows_in)) {
    return fail(refusal(workspace_, area, source, entities_, total, accepted));
  }
  return commit(scratch, area, source);
}

Result<void> FileIngest::choose_canonical(const Source& source) {
  FENQUN_TRY(const auto* contract, guess_entity(workspace_.contracts(), request_, source));
  mapping_ = canonical_mapping(*contract, source.columns);
  return check_required(*contract, source);
}

Result<void> FileIngest::stage_all(const Source& source, const StagingArea& area) {
  {
    const Stage stage(workspace_, request_, "ingest.progress_read");
    for (std::size_t n = 0; n < mapping_.load.size(); ++n) {
      const auto is_staged = std::any_of(entities_.begin(), entities_.end(), [&](const StagedEntity& staged) {
        return staged.counts.entity == mapping_.load[n].entity;
      });
      if (is_staged) continue;
      FENQUN_TRY(auto entity, stage_entry(workspace_, area, source, mapping_, n));
      entities_.push_back(std::move(entity));
    }
  }
  const Stage stage(workspace_, request_, "ingest.progress_compare");
  auto& total = outcome_.total;
  for (auto& entity : entities_) {
    FENQUN_CHECK(find_duplicates(workspace_, area, entity));
    const auto& counts = entity.counts;
    total.rows_in += counts.rows_in;
    total.rows_loaded += counts.rows_loaded;
    total.rows_duplicate += counts.rows_duplicate;
    total.rows_superseded += counts.rows_superseded;
    total.rows_rejected += counts.rows_rejected;
    outcome_.entities.push_back(counts);
  }
  return {};
}

Result<double> FileIngest::accepted_share() const {
  if (request_.max_rejected_share) return *request_.max_rejected_share;
  if (mapping_.max_rejected_share) return *mapping_.max_rejected_share;
  const auto settings = workspace_.settings().find("ingest");
  if (!settings) return 0.0;
  return settings->number("max_rejected_share", 0.0);
}

Result<void> FileIngest::write_rows(const Workspace::Scratch& scratch) {
  const Stage stage(workspace_, request_, "ingest.progress_write");
  warehouse::LakeChanger changer(workspace_, scratch.folder());
  for (const auto& entity : entities_) {
    std::int64_t written = 0;
    if (entity.contract->kind == EntityKind::Fact) {
      FENQUN_TRY(const auto files, write_months(workspace_, entity, scratch.folder(), outcome_.batch_id));
      for (const auto& file : files) written += file.rows;
      files_.insert(files_.end(), files.begin(), files.end());
    } else {
      FENQUN_TRY(written,
                 workspace_.connection().query_integer("SELECT count(*) FROM (" + entity.accepted_rows() + ")"));
      add_master(entity);
    }
    written_.push_back(written);
    if (entity.replaced_rows > 0) {
      FENQUN_CHECK(take_out_replaced(workspace_, entity, outcome_.batch_id, changer));
    }
  }
  auto change = changer.finish();
  files_.insert(files_.end(), std::make_move_iterator(change.files.begin()),
                std::make_move_iterator(change.files.end()));
  obsolete_ = std::move(change.obsolete);
  return {};
}

void FileIngest::add_master(const StagedEntity& entity) {
  const auto table = sql_name("m_" + entity.contract->entity);
  if (entity.replaced_rows > 0) {
    statements_.push_back("DELETE FROM " + table + " USING " + entity.replaced + " o WHERE " +
                          key_join(*entity.contract, table, "o"));
  }
  const auto columns = column_list(entity.accepted_fields());
  statements_.push_back("INSERT INTO " + table + " (" + columns + ", batch_id) SELECT " + columns + ", " +
                        sql_text(outcome_.batch_id) + " FROM (" + entity.accepted_rows() + ")");
}

// In = loaded + duplicate + superseded + rejected, where loaded and superseded are what was really written, not what
// the difference says.
Result<void> FileIngest::check_counts() const {
  for (std::size_t n = 0; n < entities_.size(); ++n) {
    const auto& counts = entities_[n].counts;
    if (written_[n] == counts.rows_loaded + counts.rows_superseded) continue;
    return fail(ErrorCode::Internal, "ingest.counts_disagree",
                {{"file", request_.file.string()},
                 {"entity", counts.entity},
                 {"rows", std::to_string(counts.rows_in)},
                 {"loaded", std::to_string(written_[n])},
                 {"superseded", std::to_string(counts.rows_superseded)},
                 {"duplicate", std::to_string(counts.rows_duplicate)},
                 {"rejected", std::to_string(counts.rows_rejected)}});
  }
  return {};
}

// Of a batch that is loaded again: months that it had given up to retention stay given up.
Result<void> FileIngest::give_up_expired() {
  const auto of_batch = " AND batch_id = " + sql_text(outcome_.batch_id);
  FENQUN_TRY(const auto marks, workspace_.connection().query(
                                   "SELECT DISTINCT entity, month FROM lake_expired WHERE NOT aside" + of_batch));
  for (std::size_t r = 0; r < marks.rows.size(); ++r) {
    const auto entity = marks.text(r, 0);
    const auto month = marks.text(r, 1);
    std::int64_t rows = 0;
    std::erase_if(files_, [&](const warehouse::LakeFile& file) {
      const bool given_up = file.entity == entity && file.month.text() == month && file.batch_id == outcome_.batch_id;
      if (given_up) rows += file.rows;
      return given_up;
    });
    const auto where =
        " WHERE NOT aside AND entity = " + sql_text(entity) + " AND month = " + sql_text(month) + of_batch;
    statements_.push_back("UPDATE lake_expired SET rows = " + std::to_string(rows) + where);
  }
  return {};
}

void FileIngest::add_manifest() {
  const auto id = sql_text(outcome_.batch_id);
  const auto counted = [](const EntityCounts& c) {
    return fmt::format(
        "{} AS rows_in, {} AS rows_loaded, {} AS rows_duplicate, {} AS rows_superseded, {} AS rows_rejected", c.rows_in,
        c.rows_loaded, c.rows_duplicate, c.rows_superseded, c.rows_rejected);
  };
  std::error_code ec;
  const auto now =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
  statements_.push_back(
      fmt::format("INSERT INTO batch BY NAME SELECT {} AS batch_id, {} AS source, {} AS path, {} AS content_hash, {} "
                  "AS mapping, {} AS "
                  "mapping_hash, {} AS bytes, make_timestamp({}) AS loaded_at, {}, (SELECT coalesce(max(sequence), 0) "
                  "+ 1 FROM batch) "
                  "AS sequence",
                  id, sql_text(request_.source.empty() ? request_.file.filename().string() : request_.source),
                  sql_text(fs::absolute(request_.file, ec).string()), sql_text(content_hash_), sql_text(mapping_.name),
                  sql_text(mapping_.hash), outcome_.bytes, now.count(), counted(outcome_.total)));
  if (!mapping_.text.empty()) {
    statements_.push_back(fmt::format("INSERT OR IGNORE INTO mapping_text VALUES ({}, {}, {})", sql_text(mapping_.hash),
                                      sql_text(mapping_.name), sql_text(mapping_.text)));
  }
  statements_.push_back("DELETE FROM reload WHERE batch_id = " + id);
  for (const auto& counts : outcome_.entities) {
    statements_.push_back(fmt::format("INSERT INTO batch_entity BY NAME SELECT {} AS batch_id, {} AS entity, {}", id,
                                      sql_text(counts.entity), counted(counts)));
  }
  for (const auto& entity : entities_) {
    for (const auto& link : entity.links) {
      statements_.push_back(fmt::format("INSERT INTO batch_link VALUES ({}, {}, {}, {}, {})", id,
                                        sql_text(link.batch_id), sql_text(entity.counts.entity),
                                        sql_text(link.superseded ? "superseded" : "duplicate"), link.rows));
    }
  }
}

Result<void> FileIngest::commit(const Workspace::Scratch& scratch, const StagingArea& area, const Source& source) {
  FENQUN_CHECK(write_rows(scratch));
  FENQUN_CHECK(check_counts());
  FENQUN_CHECK(give_up_expired());
  if (outcome_.total.rows_rejected > 0) {
    const Stage stage(workspace_, request_, "ingest.progress_quarantine");
    FENQUN_TRY(const auto kept, collect_quarantine(workspace_, area, source, entities_, outcome_.batch_id));
    if (kept != outcome_.total.rows_rejected) {
      return fail(ErrorCode::Internal, "ingest.quarantine_disagrees",
                  {{"file", request_.file.string()},
                   {"rejected", std::to_string(outcome_.total.rows_rejected)},
                   {"kept", std::to_string(kept)}});
    }
    statements_.push_back("INSERT INTO quarantine SELECT * FROM " + area.table("quarantine_rows"));
  }
  add_manifest();
  const Stage stage(workspace_, request_, "ingest.progress_commit");
  return workspace_.commit(scratch.folder(), files_, statements_, obsolete_);
}

}  // namespace

Result<IngestOutcome> ingest_file(Workspace& workspace, const IngestRequest& request,
                                  std::vector<std::string> statements) {
  auto outcome = FileIngest(workspace, request, std::move(statements)).run();
  // The scratch database's end switches the session's watch off.
  workspace.connection().watch(workspace.options().progress, workspace.options().stop);
  if (!outcome) return fail(as_disk_full(std::move(outcome).error(), request.file));
  return outcome;
}

Result<IngestOutcome> ingest(Workspace& workspace, const IngestRequest& request) {
  return ingest_file(workspace, request, {});
}

}  // namespace fenqun::ingest
