// ingest/duplicates.cpp - the part of staging.hpp that compares the rows of a file with each other.
#include "ingest/known_rows.hpp"

namespace fenqun::ingest {
namespace {

using warehouse::Workspace;

// Key hashes are collected this many rows at a time: bounded memory, one more pass over the key columns each.
constexpr std::int64_t kRowsPerPass = 24'000'000;

class DuplicateFinder {
 public:
  DuplicateFinder(Workspace& workspace, const StagingArea& area, StagedEntity& entity)
      : workspace_(workspace), area_(area), entity_(entity), twins_(area.table("twins")) {}

  Result<void> find() {
    FENQUN_TRY(const bool any, collect_twins());
    if (any) FENQUN_CHECK(drop_twins());
    FENQUN_CHECK(find_known(workspace_, area_, entity_));
    FENQUN_TRY(const auto found,
               workspace_.connection().query("SELECT count(*) FILTER (rule = 0), count(*) FILTER (rule <> 0) "
                                             "FROM " +
                                             entity_.dropped));
    entity_.dropped_rows = found.integer(0, 0) + found.integer(0, 1);
    auto& counts = entity_.counts;
    counts.rows_duplicate = found.integer(0, 0);
    counts.rows_rejected += found.integer(0, 1);
    counts.rows_superseded = entity_.replaced_rows;
    counts.rows_loaded = counts.rows_in - counts.rows_duplicate - counts.rows_superseded - counts.rows_rejected;
    return workspace_.connection().execute("DROP TABLE IF EXISTS " + twins_);
  }

 private:
  // Hashes of keys that stand on more than one row. Two keys of one hash do no harm: the next step compares keys.
  Result<bool> collect_twins() {
    auto& connection = workspace_.connection();
    const auto passes = 1 + entity_.counts.rows_in / kRowsPerPass;
    FENQUN_CHECK(connection.execute("CREATE TABLE " + twins_ + " (h UBIGINT)"));
    for (std::int64_t pass = 0; pass < passes; ++pass) {
      const auto share = passes == 1 ? "" : " WHERE h % " + std::to_string(passes) + " = " + std::to_string(pass);
      FENQUN_CHECK(connection.execute("INSERT INTO " + twins_ + " SELECT h FROM (SELECT hash(" +
                                      column_list(entity_.contract->key) + ") AS h FROM " + entity_.staged +
                                      " WHERE _fault IS NULL)" + share + " GROUP BY h HAVING count(*) > 1"));
    }
    FENQUN_TRY(const auto count, connection.query_integer("SELECT count(*) FROM " + twins_));
    return count > 0;
  }

  // Of rows with one key: all the same, the first stays; not all the same, none does.
  Result<void> drop_twins() {
    const auto key = column_list(entity_.contract->key);
    const auto content = "row(" + column_list(entity_.plan.fields) + ")";
    const auto over = " OVER (PARTITION BY " + key + ")";
    const auto first = "arg_min(content, rid)" + over;
    return workspace_.connection().execute(
        "INSERT INTO " + entity_.dropped + " WITH candidate AS (SELECT " + key + ", rowid AS rid, " +
        entity_.plan.ordinal() + " AS ordinal, " + content + " AS content FROM " + entity_.staged +
        " WHERE _fault IS NULL AND hash(" + key + ") IN (SELECT h FROM " + twins_ + ")), seen AS (SELECT " + key +
        ", rid, ordinal, content, " + first + " AS first_content, min(rid)" + over + " AS first_rid, min(ordinal)" +
        over + " AS first_ordinal, count(*)" + over +
        " AS n FROM candidate), judged AS (SELECT *, min(CASE WHEN content IS DISTINCT FROM first_content THEN ordinal "
        "END)" +
        over + " AS odd_ordinal FROM seen WHERE n > 1) SELECT rid, CASE WHEN odd_ordinal IS NULL THEN 0 ELSE " +
        std::to_string(kConflictingDuplicate) +
        " END, CASE WHEN odd_ordinal IS NULL THEN NULL WHEN content IS DISTINCT FROM "
        "first_content THEN first_ordinal ELSE odd_ordinal END FROM judged WHERE odd_ordinal IS NOT NULL OR rid "
        "<> "
        "first_rid");
  }

  Workspace& workspace_;
  const StagingArea& area_;
  StagedEntity& entity_;
  std::string twins_;
};

}  // namespace

Result<void> find_duplicates(Workspace& workspace, const StagingArea& area, StagedEntity& entity) {
  return DuplicateFinder(workspace, area, entity).find();
}

}  // namespace fenqun::ingest
