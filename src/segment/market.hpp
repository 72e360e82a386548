// segment/market.hpp - groups as sub-markets: size, growth, what they bring; and how their shares meet a study's.
// Level 3.
#pragma once

#include "segment/portrait.hpp"
#include "segment/result.hpp"
#include "warehouse/workspace.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fenqun::segment {

/// A group as a market. Growth compares the energy of the last 12 months with that of the 12 before, of customers that
/// have energy in all of both years, so that new and closed ones do not count as growth.
struct Market {
  std::string code;
  std::int64_t customers = 0;
  std::int64_t compared = 0;  // customers with both years
  double energy_kwh = 0;      // of these, the last 12 months
  double energy_before_kwh = 0;
  std::optional<double> growth;  // absent: nobody has both years
  double revenue_share = 0;
  double customer_share = 0;
  std::optional<double> value_ratio;  // revenue share / customer share: above 1 the group brings more than its number
  bool is_core = false;               // see kCoreRatio
};

/// A group is a core group when it brings at least so many times the revenue of its share of customers.
inline constexpr double kCoreRatio = 2;

/// Of stored runs with as many portraits: each run's in the order of its groups. Errors: Io, Database, Cancelled.
Result<std::vector<std::vector<Market>>> markets_of(warehouse::Workspace& workspace, std::span<const RunResult> runs,
                                                    std::span<const Portrait> portraits);

/// How a group's share of revenue meets the range that a study names.
enum class ShareVerdict : std::uint8_t { Below, Within, Above };
std::string_view name_of(ShareVerdict verdict) noexcept;

struct ShareCheck {
  std::string group;
  double revenue_share = 0;
  double from = 0;
  double to = 0;
  BilingualText text;  // the range as the study says it
  BilingualText source;
  ShareVerdict verdict = ShareVerdict::Within;
};

/// Of groups for which config/portraits/share_targets.yaml names a range; empty where revenue is not known. Errors:
/// BadData naming file and line.
Result<std::vector<ShareCheck>> check_shares(const AssetStore& assets, const Portrait& portrait);

}  // namespace fenqun::segment
