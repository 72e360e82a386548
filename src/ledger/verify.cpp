// ledger/verify.cpp
#include "ledger/verify.hpp"

#include "ledger/decisions.hpp"
#include "ledger/seal.hpp"
#include "segment/definitions.hpp"
#include "segment/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace fenqun::ledger {
namespace {

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

// Columns whose hash in a block differs.
std::vector<std::string> changed_columns(const std::string& stored, const std::string& found) {
  const auto a = words(stored);
  const auto b = words(found);
  std::vector<std::string> out;
  for (std::size_t c = 0; c < kSealedColumns.size(); ++c) {
    if (c >= a.size() || c >= b.size() || a[c] != b[c]) out.emplace_back(kSealedColumns[c]);
  }
  return out;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// Examines one publication's rows.
class RowCheck {
 public:
  RowCheck(warehouse::Connection& connection, const Publication& publication, Verification& out)
      : connection_(connection), p_(publication), out_(out) {}

  Result<void> run(const std::map<std::int64_t, SealedBlock>& stored) {
    FENQUN_TRY(const auto found, hash_rows(connection_, rows_sql(), p_.first_row));
    std::map<std::int64_t, SealedBlock> by_block;
    for (const auto& block : found) {
      by_block[block.block] = block;
      out_.rows += block.rows;
    }
    std::set<std::int64_t> numbers;
    for (const auto& [number, block] : stored) numbers.insert(number);
    for (const auto& [number, block] : by_block) numbers.insert(number);
    for (const auto number : numbers) {
      const auto was = stored.find(number);
      const auto is = by_block.find(number);
      if (was != stored.end() && is != by_block.end() && was->second.rows == is->second.rows &&
          was->second.hashes == is->second.hashes) {
        continue;
      }
      const auto columns =
          changed_columns(was == stored.end() ? "" : was->second.hashes, is == by_block.end() ? "" : is->second.hashes);
      FENQUN_CHECK(examine_block(number, columns));
    }
    return {};
  }

 private:
  [[nodiscard]] std::string rows_sql() const {
    return fmt::format("(SELECT * FROM membership WHERE recorded_by = {})", p_.sequence);
  }

  Result<void> examine_block(std::int64_t block, const std::vector<std::string>& columns) {
    const auto before = out_.findings.size();
    FENQUN_CHECK(find_added(block));
    if (block >= 0) {
      FENQUN_CHECK(find_missing(block));
      FENQUN_CHECK(find_changed(block, columns, out_.findings.size() == before));
    }
    if (out_.findings.size() > before) return {};
    // Every seal fits: whoever changed the rows made the seals anew, or the block's own record was changed.
    const auto first = p_.first_row + block * kBlockRows;
    FENQUN_TRY(const auto ends, connection_.query(fmt::format(
                                    "SELECT min(customer_id), max(customer_id) FROM {} WHERE row_id BETWEEN {} "
                                    "AND {}",
                                    rows_sql(), first, first + kBlockRows - 1)));
    out_.findings.push_back({p_.sequence,
                             std::nullopt,
                             "",
                             columns,
                             {"ledger.block_changed",
                              {{"publication", std::to_string(p_.sequence)},
                               {"first", ends.text(0, 0)},
                               {"last", ends.text(0, 1)},
                               {"columns", joined(columns)}}}});
    return {};
  }

  // Rows that the publication did not write: beyond its numbers, or a number twice.
  Result<void> find_added(std::int64_t block) {
    const auto first = p_.first_row + block * kBlockRows;
    const auto range = block < 0 ? fmt::format("row_id IS NULL OR row_id < {}", p_.first_row)
                                 : fmt::format("row_id BETWEEN {} AND {}", first, first + kBlockRows - 1);
    FENQUN_TRY(
        const auto rows,
        connection_.query(fmt::format(
            "SELECT row_id, customer_id FROM (SELECT *, row_number() OVER (PARTITION BY row_id ORDER BY seal = "
            "{} DESC, customer_id) AS copy FROM {} WHERE {}) WHERE row_id IS NULL OR row_id < {} OR row_id >= {} "
            "OR copy > 1 ORDER BY row_id, customer_id LIMIT {}",
            seal_sql(), rows_sql(), range, p_.first_row, p_.first_row + p_.opened, kMostFindings)));
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      out_.findings.push_back(
          {p_.sequence,
           rows.integer(r, 0),
           rows.text(r, 1),
           {},
           {"ledger.row_added",
            {{"publication", std::to_string(p_.sequence)}, {"row", rows.text(r, 0)}, {"customer", rows.text(r, 1)}}}});
    }
    return {};
  }

  Result<void> find_missing(std::int64_t block) {
    const auto first = p_.first_row + block * kBlockRows;
    const auto end = std::min(first + kBlockRows, p_.first_row + p_.opened);
    FENQUN_TRY(
        const auto rows,
        connection_.query(fmt::format(
            "SELECT i.range, m.customer_id, m.recorded_by::VARCHAR, (SELECT arg_max(customer_id, row_id) FROM {0} "
            "WHERE row_id < "
            "i.range), (SELECT arg_min(customer_id, row_id) FROM {0} WHERE row_id > i.range) FROM range({1}, {2}) "
            "i LEFT JOIN membership m ON m.row_id = i.range WHERE NOT EXISTS (SELECT 1 FROM {0} o WHERE o.row_id "
            "= i.range) ORDER BY 1 LIMIT {3}",
            rows_sql(), first, std::max(first, end), kMostFindings)));
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      LedgerFinding finding;
      finding.publication = p_.sequence;
      finding.row_id = rows.integer(r, 0);
      const auto number = std::to_string(p_.sequence);
      if (!rows.is_null(r, 1)) {
        finding.customer_id = rows.text(r, 1);
        finding.columns = {"recorded_by"};
        finding.line = {"ledger.row_moved",
                        {{"publication", number},
                         {"row", rows.text(r, 0)},
                         {"customer", rows.text(r, 1)},
                         {"value", rows.text(r, 2)}}};
      } else {
        const auto none = [](const std::string& text) { return text.empty() ? "—" : text; };
        finding.line = {"ledger.row_missing",
                        {{"publication", number},
                         {"row", rows.text(r, 0)},
                         {"after", none(rows.text(r, 3))},
                         {"before", none(rows.text(r, 4))}}};
      }
      out_.findings.push_back(std::move(finding));
    }
    return {};
  }

  // `exact`: no row is missing or added, so that the block's columns are those that were changed.
  Result<void> find_changed(std::int64_t block, const std::vector<std::string>& columns, bool exact) {
    const auto first = p_.first_row + block * kBlockRows;
    FENQUN_TRY(const auto rows, connection_.query(fmt::format(
                                    "SELECT row_id, customer_id FROM {} WHERE row_id BETWEEN {} AND {} AND seal IS "
                                    "DISTINCT FROM {} ORDER BY row_id LIMIT {}",
                                    rows_sql(), first, first + kBlockRows - 1, seal_sql(), kMostFindings)));
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      const auto named = exact ? columns : std::vector<std::string>();
      out_.findings.push_back({p_.sequence,
                               rows.integer(r, 0),
                               rows.text(r, 1),
                               named,
                               {named.empty() ? "ledger.row_changed" : "ledger.columns_changed",
                                {{"publication", std::to_string(p_.sequence)},
                                 {"row", rows.text(r, 0)},
                                 {"customer", rows.text(r, 1)},
                                 {"columns", joined(named)}}}});
    }
    return {};
  }

  warehouse::Connection& connection_;
  const Publication& p_;
  Verification& out_;
};

void report(Verification& out, std::int64_t publication, const char* key, TextArgs args = {}) {
  args.push_back({"publication", std::to_string(publication)});
  out.findings.push_back({publication, std::nullopt, "", {}, {key, std::move(args)}});
}

Result<std::map<std::int64_t, SealedBlock>> stored_blocks(warehouse::Connection& connection, std::int64_t sequence) {
  FENQUN_TRY(const auto rows, connection.query(fmt::format("SELECT block, rows, hashes FROM publication_block WHERE "
                                                           "sequence = {} ORDER BY block",
                                                           sequence)));
  std::map<std::int64_t, SealedBlock> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    out[rows.integer(r, 0)] = {rows.integer(r, 0), rows.integer(r, 1), rows.text(r, 2)};
  }
  return out;
}

// The publication's own record, and its place in the chain.
void check_record(const Publication& p, const std::vector<RunDecision>& decisions, const std::string& prior,
                  std::int64_t expected, Verification& out) {
  if (p.sequence != expected) {
    report(out, p.sequence, "ledger.publication_missing", {{"expected", std::to_string(expected)}});
  } else if (p.prior_hash != prior) {
    report(out, p.sequence, "ledger.chain_broken");
  }
  std::optional<RunDecision> decision;
  for (const auto& d : decisions) {
    if (p.decision_id == d.id) decision = d;
  }
  if (hash_publication(p, decision) != p.hash) report(out, p.sequence, "ledger.record_changed");
}

Result<void> check_rows(warehouse::Connection& connection, const Publication& p, Verification& out) {
  FENQUN_TRY(const auto stored, stored_blocks(connection, p.sequence));
  std::vector<SealedBlock> blocks;
  for (const auto& [number, block] : stored) blocks.push_back(block);
  if (hash_blocks(blocks) != p.rows_hash) report(out, p.sequence, "ledger.blocks_changed");
  FENQUN_CHECK(RowCheck(connection, p, out).run(stored));
  FENQUN_TRY(const auto ends, hash_ends(connection, fmt::format("membership_end WHERE sequence = {}", p.sequence)));
  if (ends != p.ends_hash) report(out, p.sequence, "ledger.ends_changed");
  return {};
}

// What the rows say of their end against the record of ends.
Result<void> check_ends(warehouse::Connection& connection, Verification& out) {
  FENQUN_TRY(
      const auto rows,
      connection.query(fmt::format(
          "SELECT coalesce(m.row_id, e.row_id), m.customer_id, m.superseded_by::VARCHAR, e.sequence::VARCHAR, "
          "coalesce(e.sequence, m.superseded_by) FROM (SELECT * FROM membership WHERE superseded_by IS NOT NULL) s "
          "FULL JOIN membership_end e ON s.row_id = e.row_id LEFT JOIN membership m ON m.row_id = "
          "coalesce(s.row_id, e.row_id) WHERE s.superseded_by IS DISTINCT FROM e.sequence ORDER BY 5, 1 LIMIT {}",
          kMostFindings)));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    const auto none = [](const std::string& text) { return text.empty() ? "—" : text; };
    out.findings.push_back({rows.integer(r, 4),
                            rows.integer(r, 0),
                            rows.text(r, 1),
                            {"superseded_by"},
                            {"ledger.end_differs",
                             {{"publication", rows.text(r, 4)},
                              {"row", rows.text(r, 0)},
                              {"customer", none(rows.text(r, 1))},
                              {"found", none(rows.text(r, 2))},
                              {"expected", none(rows.text(r, 3))}}}});
  }
  return {};
}

// Rows that belong to no publication.
Result<void> check_strays(warehouse::Connection& connection, Verification& out) {
  FENQUN_TRY(const auto rows, connection.query(fmt::format(
                                  "SELECT row_id, customer_id FROM membership WHERE recorded_by IS NULL OR "
                                  "recorded_by NOT IN (SELECT sequence FROM publication) ORDER BY row_id LIMIT {}",
                                  kMostFindings)));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    out.findings.push_back({0,
                            rows.integer(r, 0),
                            rows.text(r, 1),
                            {"recorded_by"},
                            {"ledger.row_of_nobody", {{"row", rows.text(r, 0)}, {"customer", rows.text(r, 1)}}}});
  }
  return {};
}

// The runs that were published, and the texts of their schemes, against the hashes that the chain holds.
Result<void> check_runs(warehouse::Workspace& workspace, const std::vector<Publication>& publications,
                        Verification& out) {
  std::set<std::string> seen;
  for (const auto& p : publications) {
    if (p.run_id.empty() || !seen.insert(p.run_id).second) continue;
    FENQUN_TRY(const auto hash, segment::hash_stored_assignment(workspace, p.run_id));
    if (hash != p.assignment_hash) report(out, p.sequence, "ledger.run_changed", {{"run", p.run_id}});
  }
  FENQUN_TRY(const auto definitions, segment::definitions_of(workspace, ""));
  for (const auto& definition : definitions) {
    if (segment::is_unchanged(definition)) continue;
    const auto first = std::find_if(publications.begin(), publications.end(), [&](const Publication& p) {
      return p.scheme == definition.scheme && p.definition == definition.definition;
    });
    if (first == publications.end()) continue;
    report(out, first->sequence, "ledger.definition_changed",
           {{"scheme", definition.scheme}, {"definition", definition.definition}});
  }
  return {};
}

}  // namespace

Result<Verification> verify(warehouse::Workspace& workspace, const std::string& expected_hash) {
  auto& connection = workspace.connection();
  Verification out;
  FENQUN_TRY(const auto publications, read_publications(connection));
  FENQUN_TRY(const auto decisions, read_decisions(connection));
  std::string prior;
  std::int64_t expected = 1;
  bool known = expected_hash.empty();
  for (const auto& p : publications) {
    check_record(p, decisions, prior, expected, out);
    FENQUN_CHECK(check_rows(connection, p, out));
    prior = p.hash;
    expected = p.sequence + 1;
    known = known || p.hash == expected_hash;
  }
  FENQUN_CHECK(check_ends(connection, out));
  FENQUN_CHECK(check_strays(connection, out));
  FENQUN_CHECK(check_runs(workspace, publications, out));
  if (!known) report(out, 0, "ledger.hash_not_in_chain", {{"hash", expected_hash}});
  out.publications = static_cast<std::int64_t>(publications.size());
  out.last_hash = prior;
  return out;
}

}  // namespace fenqun::ledger
