// segment/market.cpp
#include "segment/market.hpp"

#include "base/settings.hpp"

#include <algorithm>

namespace fenqun::segment {
namespace {

using warehouse::sql_text;

constexpr int kYear = 12;

Result<std::string> two_years(warehouse::Workspace& workspace, Month last) {
  FENQUN_TRY(const auto files, workspace.lake_files("_customer_month"));
  std::string list;
  for (const auto& file : files) {
    if (file.month < last.plus(1 - 2 * kYear) || last < file.month || workspace.is_damaged(file.path)) continue;
    list += (list.empty() ? "" : ", ") + sql_text((workspace.folder() / file.path).string());
  }
  return list.empty() ? list : "read_parquet([" + list + "], hive_partitioning = false, union_by_name = true)";
}

Result<void> add_growth(warehouse::Workspace& workspace, const RunResult& run, std::vector<Market>& markets) {
  FENQUN_TRY(const auto relation, two_years(workspace, run.as_of));
  if (relation.empty()) return {};
  const std::string turn = "DATE " + sql_text(run.as_of.plus(1 - kYear).first_date());
  FENQUN_TRY(const auto rows,
             workspace.connection().query(
                 "SELECT group_code, count(*), sum(own)::DOUBLE, sum(prior)::DOUBLE FROM (SELECT a.group_code, "
                 "sum(CAST(t.energy_kwh AS DECIMAL(38, 3))) FILTER (WHERE t.month >= " +
                 turn + ") AS own, sum(CAST(t.energy_kwh AS DECIMAL(38, 3))) FILTER (WHERE t.month < " + turn +
                 ") AS prior FROM assignment a JOIN " + relation +
                 " t ON t.customer_id = a.customer_id WHERE a.run_id = " + sql_text(run.run_id) +
                 " AND a.group_code IS NOT NULL GROUP BY a.group_code, a.customer_id HAVING count(t.energy_kwh) = " +
                 std::to_string(2 * kYear) + ") GROUP BY group_code"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    const auto market = std::ranges::find(markets, rows.text(r, 0), &Market::code);
    if (market == markets.end()) continue;
    market->compared = rows.integer(r, 1);
    market->energy_kwh = rows.number(r, 2);
    market->energy_before_kwh = rows.number(r, 3);
    if (market->energy_before_kwh > 0) market->growth = market->energy_kwh / market->energy_before_kwh - 1;
  }
  return {};
}

Result<ShareCheck> read_target(const Settings& node) {
  FENQUN_CHECK(node.allow_only({"group", "from", "to", "text"}));
  ShareCheck out;
  FENQUN_TRY(out.group, node.text("group"));
  FENQUN_TRY(out.from, node.number("from"));
  FENQUN_TRY(out.to, node.number("to"));
  FENQUN_TRY(const auto text, node.child("text"));
  FENQUN_TRY(out.text.zh, text.text("zh"));
  FENQUN_TRY(out.text.en, text.text("en"));
  return out;
}

}  // namespace

std::string_view name_of(ShareVerdict verdict) noexcept {
  switch (verdict) {
    case ShareVerdict::Below:
      return "below";
    case ShareVerdict::Within:
      return "within";
    case ShareVerdict::Above:
      return "above";
  }
  return "";
}

Result<std::vector<Market>> markets_of(warehouse::Workspace& workspace, const RunResult& run,
                                       const Portrait& portrait) {
  std::vector<Market> out;
  for (const auto& group : portrait.groups) {
    Market market;
    market.code = group.code;
    market.customers = group.customers;
    market.revenue_share = group.revenue_share;
    market.customer_share = group.customer_share;
    if (portrait.has_revenue && group.customer_share > 0)
      market.value_ratio = group.revenue_share / group.customer_share;
    market.is_core = market.value_ratio.value_or(0) >= kCoreRatio;
    out.push_back(std::move(market));
  }
  FENQUN_CHECK(add_growth(workspace, run, out));
  return out;
}

Result<std::vector<ShareCheck>> check_shares(const AssetStore& assets, const Portrait& portrait) {
  std::vector<ShareCheck> out;
  if (!portrait.has_revenue) return out;
  FENQUN_TRY(const auto asset, assets.read("config/portraits/share_targets.yaml"));
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(root.allow_only({"targets"}));
  FENQUN_TRY(const auto list, root.child("targets"));
  FENQUN_TRY(const auto targets, list.items());
  for (const auto& target : targets) {
    FENQUN_CHECK(target.allow_only({"scheme", "source", "revenue_share"}));
    FENQUN_TRY(const auto scheme, target.text("scheme"));
    if (scheme != portrait.scheme) continue;
    FENQUN_TRY(const auto source, target.child("source"));
    FENQUN_TRY(const auto ranges, target.child("revenue_share"));
    FENQUN_TRY(const auto items, ranges.items());
    for (const auto& item : items) {
      FENQUN_TRY(auto check, read_target(item));
      FENQUN_TRY(check.source.zh, source.text("zh"));
      FENQUN_TRY(check.source.en, source.text("en"));
      const auto group = std::ranges::find(portrait.groups, check.group, &GroupPortrait::code);
      if (group == portrait.groups.end()) continue;
      check.revenue_share = group->revenue_share;
      if (check.revenue_share < check.from) check.verdict = ShareVerdict::Below;
      if (check.revenue_share > check.to) check.verdict = ShareVerdict::Above;
      out.push_back(std::move(check));
    }
  }
  return out;
}

}  // namespace fenqun::segment
