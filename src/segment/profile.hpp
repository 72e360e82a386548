// segment/profile.hpp - what a portrait shows beyond its indices: blocks, facts, typical member, curves, map, a name.
// Level 3.
#pragma once

#include "base/worker_pool.hpp"
#include "segment/group_map.hpp"
#include "segment/portrait.hpp"
#include "segment/scheme.hpp"

#include <array>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace fenqun::segment {

/// A field with codes of an entity, as config/portraits/blocks.yaml names it.
struct FactField {
  std::string entity;
  std::string field;
  std::string time;     // field with the row's time; empty: a master
  BilingualText title;  // 服务工单·受理渠道
};

struct PortraitBlock {
  std::string code;
  BilingualText title;
  std::vector<std::string> features;
  std::vector<FactField> facts;
};

/// Errors: BadData naming file and line (unknown feature, entity or field), Io.
Result<std::vector<PortraitBlock>> load_blocks(const warehouse::Workspace& workspace,
                                               const features::FeatureCatalogue& catalogue);

/// One code of a fact in one group: index = share of the group's customers with it / share of all classified.
struct FactIndex {
  std::size_t fact = 0;  // index into Profile::facts
  std::string value;
  BilingualText value_title;
  std::int64_t customers = 0;  // of the group
  double share = 0;
  double population_share = 0;
  std::optional<double> index;
  std::optional<double> p;  // two-proportion z-test against all others
  bool is_significant = false;
};

struct GroupProfile {
  std::string code;
  std::string typical_customer;  // member nearest to the group's mean: the medoid by squared distances; empty: no group
  double receivable_cny = 0;     // sum over the members at the month's end
  BilingualText proposed_name;   // from what is distinctive; empty when nothing is
  std::vector<FactIndex> facts;
  std::vector<std::optional<double>> month_kwh;  // mean per customer with energy, by Profile::months
  std::vector<double> hour_shares;  // 24 entries: share of the group's energy by hour of the day; empty: no hourly data
};

struct Profile {
  std::string run_id;
  std::vector<PortraitBlock> blocks;
  std::vector<FactField> facts;      // of all blocks, in their order
  std::vector<bool> has_fact;        // whether the entity has rows for it in the 12 months
  std::vector<std::string> months;   // "2025-07" .. the run's
  std::vector<GroupProfile> groups;  // in the order of the run's
  std::optional<GroupMap> map;       // clusters only
  std::vector<std::string> map_features;
};

/// Of stored runs whose portraits were made: as many schemes, each as its run used it, runs and portraits. Means run on
/// exact decimals: the same for a run alone or beside others, which cost little more than one. Errors: Database,
/// BadData (blocks), Cancelled.
Result<std::vector<Profile>> make_profiles(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                                           std::span<const Scheme> schemes, std::span<const RunResult> runs,
                                           std::span<const Portrait> portraits, WorkerPool& pool);

/// A name from the up to two lines that set the group apart most, among the features in `telling`: significant, index
/// at least 1.25 or at most 0.8 (what is low counts half), each of another family; a yes or a code must hold for at
/// least half of the group. Empty when there is none.
Result<BilingualText> propose_name(const AssetStore& assets, const features::FeatureCatalogue& catalogue,
                                   const std::set<std::string>& telling, const GroupPortrait& group);

}  // namespace fenqun::segment
