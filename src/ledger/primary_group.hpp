// ledger/primary_group.hpp - of all groups of a customer the one that counts, and where departments want different
// things of the same customer. Level 4. Rules: config/primary_group.yaml (X2, R015-R018).
#pragma once

#include "base/asset.hpp"
#include "base/month.hpp"
#include "base/texts.hpp"
#include "features/catalogue.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace fenqun::ledger {

/// Key of the error where none of the schemes has a run for the month.
inline constexpr const char* kNoPrimaryRuns = "ledger.primary_no_runs";

/// A group of a scheme.
struct GroupName {
  std::string scheme;
  std::string group;
  bool operator==(const GroupName&) const = default;
};

/// Two groups whose departments want different things of a customer who is in both.
struct ConflictRule {
  GroupName first;
  GroupName second;
  std::string prevails;  // the scheme that decides; of two groups in `priority`, the higher where the file names none
  BilingualText reason;
};

struct PrimaryRules {
  std::vector<GroupName> priority;  // first to last
  std::vector<ConflictRule> conflicts;
};

/// Errors: BadData naming file and line: a group twice, a scheme or group that is not there, a conflict of a group with
/// one of its own scheme, or one that neither `prevails` nor `priority` decides; NotFound.
Result<PrimaryRules> load_primary_rules(const AssetStore& assets, const features::FeatureCatalogue& catalogue);

/// Whose groups were looked at.
struct PrimarySource {
  std::string scheme;
  BilingualText title;
  BilingualText department;  // whose scheme it is; empty: nobody's
  std::string run_id;        // empty: the scheme has no run for the month
  bool is_published = false;
};

struct PrimaryCount {
  GroupName group;
  BilingualText title;
  std::int64_t customers = 0;  // whose primary group it is
  std::int64_t members = 0;    // who are in it at all
};

struct ConflictCount {
  ConflictRule rule;
  BilingualText first_title;  // of the groups
  BilingualText second_title;
  std::int64_t customers = 0;
  std::vector<std::string> examples;  // up to 20, in order
};

struct PrimaryOutcome {
  Month month;
  std::vector<PrimarySource> sources;
  std::vector<PrimaryCount> groups;  // in the order of the priority
  std::int64_t customers = 0;        // that any of the runs speaks of = all groups' customers + without
  std::int64_t without = 0;          // in no group of the list
  std::vector<ConflictCount> conflicts;
  std::int64_t in_conflict = 0;  // customers with at least one
};

struct PrimaryRequest {
  Month month;
  std::filesystem::path out;        // CSV: customer_id, scheme, group_code, group, place; empty: none
  std::filesystem::path conflicts;  // CSV: a row per customer and conflict; empty: none
};

/// From the runs in force in the month, else the latest of the month, of every scheme that the rules name. Errors: as
/// load_primary_rules; BadData (none of these schemes has a run for the month), Io, Database, Cancelled.
Result<PrimaryOutcome> find_primary_groups(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                                           const PrimaryRequest& request, Language language);

}  // namespace fenqun::ledger
