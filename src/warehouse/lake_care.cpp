// warehouse/lake_care.cpp
#include "warehouse/lake_care.hpp"

#include "warehouse/lake_change.hpp"

#include <algorithm>
#include <map>

namespace fenqun::warehouse {
namespace {

constexpr const char* kSupersededSetting = "superseded";

// Rows of a file with their batch in column _batch.
std::string rows_with_batch(const Workspace& workspace, const LakeFile& file) {
  const auto batch = file.batch_id.empty() ? std::string() : ", " + sql_text(file.batch_id) + " AS _batch";
  return "SELECT *" + batch + " FROM " + read_lake_file(workspace, file);
}

Result<CompactedMonth> compact_month(Workspace& workspace, const Contract& contract,
                                     const std::vector<LakeFile>& files) {
  FENQUN_TRY(const auto scratch, workspace.scratch("compact"));
  LakeChanger changer(workspace, scratch.folder());
  CompactedMonth done{contract.entity, files.front().month, static_cast<std::int64_t>(files.size()), 0};
  std::string rows;
  for (const auto& file : files) {
    rows += (rows.empty() ? "" : " UNION ALL BY NAME ") + rows_with_batch(workspace, file);
    done.rows += file.rows;
    changer.remove(file);
  }
  FENQUN_CHECK(changer.add(contract, contract.entity, done.month, "", rows, done.rows));
  const auto change = changer.finish();
  FENQUN_CHECK(workspace.commit(scratch.folder(), change.files, {}, change.obsolete));
  return done;
}

struct Rule {
  std::string entity;  // of the manifest
  Month first;         // that is kept
};

Result<std::optional<Rule>> rule_for(Workspace& workspace, const std::string& entity, std::int64_t months) {
  FENQUN_TRY(const auto files, workspace.lake_files(entity));
  if (files.empty()) return std::optional<Rule>();
  return std::optional<Rule>(Rule{entity, files.back().month.plus(1 - static_cast<int>(months))});
}

Result<std::vector<Rule>> read_rules(Workspace& workspace, Month today) {
  std::vector<Rule> rules;
  const auto retention = workspace.settings().find("retention");
  if (!retention) return rules;
  FENQUN_TRY(const auto entries, retention->entries());
  for (const auto& [name, value] : entries) {
    FENQUN_TRY(const auto written, value.text());
    FENQUN_TRY(const auto months, retention->integer(name, 0));
    constexpr std::int64_t kMost = 1200;
    const auto* contract = workspace.contracts().find(name);
    const bool known = name == kSupersededSetting || (contract != nullptr && contract->kind == EntityKind::Fact);
    if (!known || months < 1 || months > kMost) {
      return value.refuse("warehouse.retention_wrong", {{"entity", name}, {"value", written}});
    }
    if (name != kSupersededSetting) {
      FENQUN_TRY(const auto rule, rule_for(workspace, name, months));
      if (rule) rules.push_back(*rule);
      continue;
    }
    for (const auto& each : workspace.contracts().all()) {
      rules.push_back({superseded_of(each.entity), today.plus(1 - static_cast<int>(months))});
    }
  }
  return rules;
}

// Remembered by batch, under the entity as such: so later counts still add up.
Result<std::vector<std::string>> remember(Workspace& workspace, const LakeFile& file) {
  std::vector<std::string> statements;
  const auto entity = counted_as(file.entity);
  const bool aside = entity != file.entity;
  const auto enter = [&](const std::string& batch, std::int64_t rows) {
    statements.push_back("INSERT INTO lake_expired VALUES (" + sql_text(entity) + ", " + sql_text(file.month.text()) +
                         ", " + sql_text(batch) + ", " + std::to_string(rows) +
                         ", (now() AT TIME ZONE 'UTC')::TIMESTAMP, " + (aside ? "true" : "false") + ")");
  };
  if (!aside && !file.batch_id.empty()) {
    enter(file.batch_id, file.rows);
    return statements;
  }
  FENQUN_TRY(const auto batches,
             workspace.connection().query("SELECT _batch, count(*) FROM " + read_lake_file(workspace, file) +
                                          " GROUP BY _batch ORDER BY _batch"));
  for (std::size_t r = 0; r < batches.rows.size(); ++r) enter(batches.text(r, 0), batches.integer(r, 1));
  return statements;
}

}  // namespace

Result<std::vector<LakeShare>> lake_shares(Workspace& workspace) {
  FENQUN_TRY(const auto found, workspace.connection().query(
                                   "SELECT entity, count(DISTINCT month), count(*), sum(rows)::BIGINT, "
                                   "sum(bytes)::BIGINT, min(month), max(month) FROM lake_file GROUP BY entity ORDER BY "
                                   "entity"));
  std::vector<LakeShare> shares;
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    FENQUN_TRY(const auto first, Month::parse(found.text(r, 5)));
    FENQUN_TRY(const auto last, Month::parse(found.text(r, 6)));
    shares.push_back({found.text(r, 0), found.integer(r, 1), found.integer(r, 2), found.integer(r, 3),
                      found.integer(r, 4), first, last});
  }
  return shares;
}

Result<std::vector<CompactedMonth>> compact(Workspace& workspace, const std::string& entity) {
  if (!entity.empty() && workspace.contracts().find(entity) == nullptr) {
    return fail(ErrorCode::NotFound, "warehouse.no_entity", {{"entity", entity}});
  }
  std::vector<CompactedMonth> done;
  for (const auto& contract : workspace.contracts().all()) {
    if (contract.kind != EntityKind::Fact || (!entity.empty() && contract.entity != entity)) continue;
    FENQUN_TRY(const auto files, workspace.lake_files(contract.entity));
    std::map<Month, std::vector<LakeFile>> months;
    for (const auto& file : files) months[file.month].push_back(file);
    for (const auto& [month, of_month] : months) {
      if (of_month.size() < 2) continue;
      FENQUN_TRY(auto one, compact_month(workspace, contract, of_month));
      done.push_back(std::move(one));
    }
  }
  return done;
}

Result<std::vector<ExpiredMonth>> expire(Workspace& workspace, Month today, Expire what) {
  FENQUN_TRY(const auto rules, read_rules(workspace, today));
  std::vector<ExpiredMonth> gone;
  std::vector<std::string> statements;
  std::vector<std::string> obsolete;
  for (const auto& rule : rules) {
    FENQUN_TRY(const auto files, workspace.lake_files(rule.entity));
    for (const auto& file : files) {
      if (file.month >= rule.first || workspace.is_damaged(file.path)) continue;
      if (gone.empty() || gone.back().entity != file.entity || gone.back().month != file.month) {
        gone.push_back({file.entity, file.month, 0});
      }
      gone.back().rows += file.rows;
      FENQUN_TRY(const auto remembered, remember(workspace, file));
      statements.insert(statements.end(), remembered.begin(), remembered.end());
      obsolete.push_back(file.path);
    }
  }
  if (what == Expire::Remove && !obsolete.empty()) {
    FENQUN_TRY(const auto scratch, workspace.scratch("expire"));
    FENQUN_CHECK(workspace.commit(scratch.folder(), {}, statements, obsolete));
  }
  return gone;
}

}  // namespace fenqun::warehouse
