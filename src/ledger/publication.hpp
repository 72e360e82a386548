// ledger/publication.hpp - what was published, in order, and which run is in force from which month on. Level 4.
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"
#include "base/texts.hpp"
#include "warehouse/workspace.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::ledger {

enum class PublicationKind : std::uint8_t {
  Publish,   // a run takes effect
  Rollback,  // what was in force before a publication is in force again
  Retire     // nobody is in a group of the scheme any more
};
std::string_view name_of(PublicationKind kind) noexcept;  // "publish", "rollback", "retire"

/// A group, or a reason of having none, as it was published.
struct PublishedName {
  bool is_group = true;
  std::string code;      // in the ledger
  std::string run_code;  // in the run: differs where a group without a name of its own carries on an earlier one
  BilingualText title;
  std::int64_t customers = 0;
};

/// One entry of the ledger. Valid from a month until before another (absent: open end). Hashes of its own are
/// BLAKE2b-256 as 64 hex digits.
struct Publication {
  std::int64_t sequence = 0;  // 1, 2, 3 ... over all schemes
  std::string scheme;
  PublicationKind kind = PublicationKind::Publish;
  std::string run_id;  // Retire: the run whose time ended; Rollback: empty where nobody was in a group before
  Month valid_from;
  std::optional<Month> valid_to;
  std::string by;
  std::string reason;
  std::string limit_override;               // why more groups than allowed; empty: not more
  std::optional<std::int64_t> restores;     // Rollback: the publication that is in force again
  std::optional<std::int64_t> decision_id;  // of table run_decision: the acceptance, or the decision to retire
  int scheme_version = 0;
  std::string definition;       // hash of the scheme's text, as segment::Scheme::fingerprint
  std::string assignment_hash;  // of the run
  std::string recorded_at;      // "2026-07-01 09:30:00.123456"
  std::int64_t customers = 0;   // the run speaks of
  std::int64_t classified = 0;  // of these with a group
  std::int64_t compared = 0;    // with a group before and after
  std::int64_t moved = 0;       // of these into another group
  std::int64_t opened = 0;      // rows written, numbered first_row, first_row + 1 ...
  std::int64_t ended = 0;       // rows superseded
  std::int64_t first_row = 0;
  std::string rows_hash;   // over the rows written
  std::string ends_hash;   // over the numbers of the rows superseded
  std::string prior_hash;  // `hash` of the publication before, of any scheme; empty for the first
  std::string hash;        // over all of the above, names and decision
  std::vector<PublishedName> names;

  /// The run that decides who is in which group from valid_from on; empty: nobody is.
  [[nodiscard]] std::string run_in_force() const { return kind == PublicationKind::Retire ? "" : run_id; }
};

/// All publications in order, or those of one scheme. Errors: Database.
Result<std::vector<Publication>> read_publications(warehouse::Connection& connection, const std::string& scheme = "");

/// For the publications of one scheme in order: the place in `publications` of what is in force from a month on, until
/// the next month named. A rollback takes the last publication that stands back: all is in force as it was before it.
using Timeline = std::map<Month, std::size_t>;
Timeline timeline_of(std::span<const Publication> publications);
/// The publication that the next rollback takes back; absent: none is left.
std::optional<std::size_t> last_standing(std::span<const Publication> publications);
/// What is in force in `month`; absent: nothing was published for it.
std::optional<std::size_t> in_force(const Timeline& timeline, Month month);

}  // namespace fenqun::ledger
