// ledger/seal.hpp - hashes by which a changed ledger is found out, down to row and column. Level 4, inside the room.
//
// A row carries a seal of its own (64 bits, to find the row). Rows of a publication are hashed in blocks of 4,096,
// column by column, so that a changed block names its columns (to find the column, and to be sure). The blocks' hashes,
// those of the rows superseded, and everything the publication says go into its hash, with that of the publication
// before.
#pragma once

#include "ledger/decisions.hpp"
#include "ledger/publication.hpp"
#include "warehouse/database.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::ledger {

inline constexpr std::int64_t kBlockRows = 4096;
inline constexpr std::array<std::string_view, 10> kSealedColumns = {
    "row_id",     "scheme", "customer_id", "valid_from",  "valid_to",
    "group_code", "reason", "said_by",     "recorded_by", "seal"};

/// SQL: the seal of a row of `membership`, from all other columns but superseded_by.
std::string seal_sql();

/// Rows first_row + 4096 b ... of a publication. `hashes`: one per sealed column, separated by a blank.
struct SealedBlock {
  std::int64_t block = 0;
  std::int64_t rows = 0;
  std::string hashes;
};

/// Hashes rows of `relation` (what stands behind FROM; columns as in `membership`) in the order of row_id. The last
/// block may hold less; rows before first_row count as block -1. Errors: Database, Cancelled.
Result<std::vector<SealedBlock>> hash_rows(warehouse::Connection& connection, const std::string& relation,
                                           std::int64_t first_row);
std::string hash_blocks(const std::vector<SealedBlock>& blocks);
/// Over the column row_id of `relation` in order.
Result<std::string> hash_ends(warehouse::Connection& connection, const std::string& relation);

/// The publication's own hash. `decision`: the one that decision_id names.
std::string hash_publication(const Publication& publication, const std::optional<RunDecision>& decision);

}  // namespace fenqun::ledger
