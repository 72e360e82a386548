// ledger/verify.hpp - walks the chain of publications and says what was changed behind the program's back. Level 4.
#pragma once

#include "base/error.hpp"
#include "base/result.hpp"
#include "ledger/publication.hpp"
#include "warehouse/workspace.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::ledger {

/// One thing that is not as it was written.
struct LedgerFinding {
  std::int64_t publication = 0;        // 0: none in particular
  std::optional<std::int64_t> row_id;  // of table `membership`
  std::string customer_id;             // empty: not known
  std::vector<std::string> columns;    // in question; the first of a changed row is the one if there is no other
  Error::Line line;                    // the sentence: text key and values
};

struct Verification {
  std::int64_t publications = 0;
  std::int64_t rows = 0;  // looked at
  std::string last_hash;  // of the last publication: keep it elsewhere, and a ledger rewritten as a whole is found too
  std::vector<LedgerFinding> findings;  // by publication and row; at most kMostFindings of each kind in a publication
  [[nodiscard]] bool is_sound() const noexcept { return findings.empty(); }
};
inline constexpr std::size_t kMostFindings = 20;

/// Recomputes every seal and hash from the tables, of the published runs and the texts of their schemes too.
/// `expected_hash`: the last hash as it was kept elsewhere, of any
/// publication of the chain; empty: none. Cost: reads the ledger once, in blocks of 4,096 rows, and every published
/// run's customers. Errors: Database,
/// Cancelled.
Result<Verification> verify(warehouse::Workspace& workspace, const std::string& expected_hash = "");

}  // namespace fenqun::ledger
