// ledger/seal.cpp
#include "ledger/seal.hpp"

#include "base/file.hpp"

#include <fmt/format.h>

#include <iterator>

namespace fenqun::ledger {
namespace {

// Neither stands in a name or id; a missing value differs from an empty one.
constexpr char kEnd = '\x1f';
constexpr char kMissing = '\x1e';

void add(std::string& to, std::string_view value) {
  to += value;
  to += kEnd;
}
void add(std::string& to, std::int64_t value) { fmt::format_to(std::back_inserter(to), "{}{}", value, kEnd); }

// One block's columns as they are collected.
struct Collected {
  std::array<std::string, kSealedColumns.size()> columns;
  std::int64_t block = 0;
  std::int64_t rows = 0;

  void close(std::vector<SealedBlock>& out) {
    if (rows == 0) return;
    SealedBlock sealed{block, rows, {}};
    for (auto& column : columns) {
      sealed.hashes += (sealed.hashes.empty() ? "" : " ") + hash_text(column);
      column.clear();
    }
    out.push_back(std::move(sealed));
    rows = 0;
  }
};

constexpr std::array kIsText = {false, true, true, false, false, true, true, false, false, false};

void add_row(const warehouse::Chunk& chunk, std::size_t row, Collected& to) {
  for (std::size_t c = 0; c < kSealedColumns.size(); ++c) {
    auto& column = to.columns[c];
    if (chunk.is_null(c, row)) {
      column += kMissing;
      column += kEnd;
    } else if (kIsText[c]) {
      add(column, chunk.text(c, row));
    } else {
      add(column, chunk.integer(c, row));
    }
  }
  ++to.rows;
}

}  // namespace

std::string seal_sql() {
  std::string parts;
  for (const auto column : kSealedColumns) {
    if (column == "seal") continue;
    parts += fmt::format("{}coalesce({}::VARCHAR, chr(30))", parts.empty() ? "" : ", ", column);
  }
  return "(md5_number_lower(concat_ws(chr(31), " + parts + ")) >> 1)::BIGINT";
}

Result<std::vector<SealedBlock>> hash_rows(warehouse::Connection& connection, const std::string& relation,
                                           std::int64_t first_row) {
  std::vector<SealedBlock> out;
  Collected collected;
  const auto take = [&](const warehouse::Chunk& chunk) -> Result<void> {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      const auto id = chunk.is_null(0, r) ? first_row - 1 : chunk.integer(0, r);
      const auto block = id < first_row ? -1 : (id - first_row) / kBlockRows;
      if (block != collected.block) collected.close(out);
      collected.block = block;
      add_row(chunk, r, collected);
    }
    return {};
  };
  FENQUN_CHECK(
      connection.stream("SELECT row_id::BIGINT, scheme, customer_id, (valid_from - DATE '1970-01-01')::BIGINT, "
                        "(valid_to - DATE '1970-01-01')::BIGINT, group_code, reason, said_by, recorded_by, seal "
                        "FROM " +
                            relation + " ORDER BY row_id",
                        take));
  collected.close(out);
  return out;
}

std::string hash_blocks(const std::vector<SealedBlock>& blocks) {
  std::string all;
  for (const auto& block : blocks) {
    add(all, block.block);
    add(all, block.rows);
    add(all, block.hashes);
  }
  return hash_text(all);
}

Result<std::string> hash_ends(warehouse::Connection& connection, const std::string& relation) {
  std::string all;
  FENQUN_CHECK(connection.stream("SELECT row_id FROM " + relation + " ORDER BY row_id",
                                 [&](const warehouse::Chunk& chunk) -> Result<void> {
                                   for (std::size_t r = 0; r < chunk.rows(); ++r) add(all, chunk.integer(0, r));
                                   return {};
                                 }));
  return hash_text(all);
}

std::string hash_publication(const Publication& p, const std::optional<RunDecision>& decision) {
  std::string all;
  add(all, p.sequence);
  for (const auto& text : {p.scheme, std::string(name_of(p.kind)), p.run_id, p.valid_from.text(),
                           p.valid_to ? p.valid_to->text() : std::string(1, kMissing), p.by, p.reason, p.limit_override,
                           p.definition, p.assignment_hash, p.recorded_at, p.rows_hash, p.ends_hash, p.prior_hash}) {
    add(all, text);
  }
  for (const auto number :
       {p.restores.value_or(0), p.decision_id.value_or(0), static_cast<std::int64_t>(p.scheme_version), p.customers,
        p.classified, p.compared, p.moved, p.opened, p.ended, p.first_row}) {
    add(all, number);
  }
  for (const auto& name : p.names) {
    add(all, name.is_group ? "group" : "reason");
    for (const auto& text : {name.code, name.run_code, name.title.zh, name.title.en}) add(all, text);
    add(all, name.customers);
  }
  if (decision) {
    for (const auto& text : {decision->run_id, std::string(name_of(decision->decision)), decision->by, decision->reason,
                             decision->at, decision->assignment_hash}) {
      add(all, text);
    }
  }
  return hash_text(all);
}

}  // namespace fenqun::ledger
