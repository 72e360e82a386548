// ledger/membership.hpp - who was in which group when, and since when that is known. Level 4.
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"
#include "base/texts.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::ledger {

/// A time in which a customer was in one group, or in none for one reason.
struct MembershipInterval {
  std::string scheme;
  Month from;
  std::optional<Month> to;   // the first month that is no longer part of it; absent: open end
  std::string group_code;    // empty: none
  std::string reason_code;   // why none
  BilingualText title;       // of the group or the reason, as it was published
  std::int64_t said_by = 0;  // the publication that put the customer there
  std::string run_id;        // its run
  int scheme_version = 0;    // its definition: version and hash of the scheme's text
  std::string definition;
  std::int64_t recorded_by = 0;               // the publication that wrote the interval as it is
  std::string recorded_at;                    // "2026-07-01 09:30:00.123456"
  std::optional<std::int64_t> superseded_by;  // the publication since which it is no longer believed
  std::string superseded_at;
};

enum class Belief : std::uint8_t {
  Present,    // what the ledger says now
  Superseded  // and what it said once: nothing is ever deleted
};

/// By scheme and time, oldest first; of one scheme where given. Errors: NotFound (the ledger does not know the
/// customer), Database.
Result<std::vector<MembershipInterval>> history_of(warehouse::Workspace& workspace, const std::string& customer_id,
                                                   const std::string& scheme, Belief belief);

struct AsOfRequest {
  Month month;
  std::string scheme;                       // empty: all
  std::optional<std::int64_t> as_known_by;  // the ledger as it stood after this publication; absent: now
  std::filesystem::path out;                // a CSV with a row per customer and scheme; empty: none
};

struct AsOfGroup {
  std::string code;  // of the group, or of the reason of having none
  bool is_group = true;
  BilingualText title;
  std::int64_t customers = 0;
};

struct AsOfScheme {
  std::string scheme;
  std::string run_id;             // in force in that month
  std::int64_t publication = 0;   // that put it in force
  std::int64_t customers = 0;     // with a group or a reason
  std::vector<AsOfGroup> groups;  // largest first, reasons after groups
};

/// Who was in which group in a month. The file holds scheme, customer_id, group_code, group, reason_code, valid_from,
/// run_id, sorted by scheme and customer. Errors: NotFound (no such publication; nothing was published for that month),
/// Io, Database, Cancelled.
Result<std::vector<AsOfScheme>> as_of(warehouse::Workspace& workspace, const AsOfRequest& request, Language language);

}  // namespace fenqun::ledger
