// ingest/reload.cpp
#include "ingest/reload.hpp"

#include "base/file.hpp"
#include "ingest/taking_back.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

namespace fenqun::ingest {
namespace {

namespace fs = std::filesystem;
using warehouse::sql_text;
using warehouse::Workspace;

Origin origin_at(const warehouse::RowSet& rows, std::size_t r) {
  Origin origin{rows.text(r, 0), rows.text(r, 1), rows.text(r, 2), rows.text(r, 3), rows.text(r, 4),
                rows.text(r, 5), rows.text(r, 6), rows.text(r, 7), rows.text(r, 8)};
  if (!origin.mapping_text.empty()) origin.entity.clear();
  return origin;
}

// Batches that belong together, by the first name each was met with.
class Chains {
 public:
  void add(const std::string& batch) { leader_.try_emplace(batch, batch); }
  [[nodiscard]] bool contains(const std::string& batch) const { return leader_.contains(batch); }
  std::string find(const std::string& batch) {
    auto& leader = leader_.at(batch);
    if (leader != batch) leader = find(std::string(leader));
    return leader;
  }
  /// True when that was new.
  bool join(const std::string& one, const std::string& other) {
    add(one);
    add(other);
    const auto from = find(one);
    const auto to = find(other);
    if (from == to) return false;
    leader_[from] = to;
    return true;
  }

 private:
  std::map<std::string, std::string> leader_;
};

// Batches with damaged files; those whose rows a damaged file of several batches held belong together.
Chains touched_by(const warehouse::Examination& found) {
  Chains chains;
  std::set<std::string> entities;
  for (const auto& finding : found.findings) {
    if (finding.severity == warehouse::Severity::Notice || finding.repaired || finding.file.path.empty()) continue;
    if (warehouse::is_derived(finding.file.entity)) continue;
    entities.insert(warehouse::counted_as(finding.file.entity));
    if (!finding.file.batch_id.empty()) chains.add(finding.file.batch_id);
  }
  std::map<std::string, std::string> first;  // batch by entity
  for (const auto& finding : found.findings) {
    if (finding.line.key != warehouse::kFoundBatchRows) continue;
    const auto value = [&](std::string_view name) {
      for (const auto& [key, text] : finding.line.args) {
        if (key == name) return text;
      }
      return std::string();
    };
    const auto entity = value("entity");
    const auto batch = value("batch");
    if (!entities.contains(entity)) continue;
    chains.join(batch, first.try_emplace(entity, batch).first->second);
  }
  return chains;
}

struct Link {
  std::string batch;
  std::string on;
  bool put_back;  // the rows it had replaced are not all there: the earlier one must give them again
};

Result<std::vector<Link>> read_links(Workspace& workspace) {
  FENQUN_TRY(const auto rows,
             workspace.connection().query(
                 "SELECT l.batch_id, l.on_batch, bool_or(l.kind = 'superseded' AND coalesce(k.rows, 0) <> "
                 "e.rows_superseded) FROM batch_link l JOIN batch_entity e ON e.batch_id = l.batch_id AND e.entity = "
                 "l.entity LEFT JOIN (SELECT entity, batch_id, sum(rows) AS rows FROM lake_file GROUP BY ALL) k ON "
                 "k.batch_id = l.batch_id AND k.entity = l.entity || " +
                 sql_text(warehouse::superseded_of("")) + " GROUP BY ALL ORDER BY ALL"));
  std::vector<Link> links;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    links.push_back({rows.text(r, 0), rows.text(r, 1), rows.boolean(r, 2)});
  }
  return links;
}

std::string id_list(const std::vector<Origin>& chain) {
  std::string ids;
  for (const auto& origin : chain) ids += (ids.empty() ? "(" : ", ") + sql_text(origin.batch_id);
  return ids + ")";
}

}  // namespace

Result<std::vector<std::vector<Origin>>> damaged_chains(Workspace& workspace, const warehouse::Examination& found) {
  auto chains = touched_by(found);
  FENQUN_TRY(const auto links, read_links(workspace));
  for (bool more = true; more;) {
    more = false;
    for (const auto& link : links) {
      if (chains.contains(link.on) || (link.put_back && chains.contains(link.batch))) {
        more = chains.join(link.batch, link.on) || more;
      }
    }
  }
  FENQUN_TRY(
      const auto rows,
      workspace.connection().query(
          "SELECT b.batch_id, b.source, b.path, b.content_hash, b.mapping, b.mapping_hash, coalesce(t.text, ''), "
          "(SELECT min(entity) FROM batch_entity e WHERE e.batch_id = b.batch_id), '' FROM batch b LEFT JOIN "
          "mapping_text t USING (mapping_hash) ORDER BY b.sequence"));
  std::vector<std::vector<Origin>> out;
  std::map<std::string, std::size_t> place;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    const auto batch = rows.text(r, 0);
    if (!chains.contains(batch)) continue;
    const auto [at, is_new] = place.try_emplace(chains.find(batch), out.size());
    if (is_new) out.emplace_back();
    out[at->second].push_back(origin_at(rows, r));
  }
  return out;
}

Result<fs::path> find_source(const Origin& origin) {
  const auto moved = fs::path("loaded") / (origin.batch_id + "_" + origin.path.filename().string());
  const auto folder = origin.path.parent_path();
  for (const auto& path : {origin.path, folder / moved, folder.parent_path() / moved}) {
    const auto hash = hash_file(path);
    if (hash && *hash == origin.content_hash) return path;
  }
  return fail(ErrorCode::NotFound, "ingest.source_gone",
              {{"batch", origin.batch_id}, {"source", origin.source}, {"file", origin.path.string()}});
}

Result<void> take_out(Workspace& workspace, const std::vector<Origin>& chain) {
  std::set<std::string> batches;
  for (const auto& origin : chain) batches.insert(origin.batch_id);
  // What a mapping said stays in mapping_text.
  const auto remember = fmt::format(
      "INSERT INTO reload SELECT (SELECT coalesce(max(position), 0) FROM reload) + row_number() OVER (ORDER BY "
      "b.sequence), {}, b.batch_id, b.source, b.path, b.content_hash, b.mapping, b.mapping_hash, (SELECT min(entity) "
      "FROM batch_entity e WHERE e.batch_id = b.batch_id) FROM batch b WHERE b.batch_id IN {}",
      sql_text(chain.front().batch_id), id_list(chain));
  FENQUN_CHECK(take_back(workspace, batches, Purpose::ToReload, {remember}));
  return {};
}

Result<std::vector<Origin>> waiting(Workspace& workspace) {
  FENQUN_TRY(const auto rows, workspace.connection().query(
                                  "SELECT r.batch_id, r.source, r.path, r.content_hash, r.mapping, r.mapping_hash, "
                                  "coalesce(t.text, ''), r.entity, r.chain FROM reload r LEFT JOIN mapping_text t "
                                  "USING (mapping_hash) ORDER BY r.position"));
  std::vector<Origin> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) out.push_back(origin_at(rows, r));
  return out;
}

Result<IngestOutcome> load_again(Workspace& workspace, const Origin& origin, const Texts* texts) {
  IngestRequest request;
  FENQUN_TRY(request.file, find_source(origin));
  request.entity = origin.entity;
  request.source = origin.source;
  request.max_rejected_share = 1.0;  // it was accepted once
  request.texts = texts;
  FENQUN_TRY(const auto scratch, workspace.scratch("reload"));
  if (!origin.mapping_text.empty()) {
    const auto mapping = scratch.folder() / (origin.mapping + ".yaml");
    FENQUN_CHECK(write_file_atomically(mapping, origin.mapping_text));
    request.mapping = mapping.string();
  }
  FENQUN_TRY(auto outcome, ingest(workspace, request));
  if (outcome.batch_id == origin.batch_id && !outcome.already_loaded) return outcome;
  return fail(ErrorCode::Internal, "ingest.reloaded_other",
              {{"batch", origin.batch_id}, {"found", outcome.batch_id}, {"file", request.file.string()}});
}

}  // namespace fenqun::ingest
