// segment/market.cpp
#include "segment/market.hpp"

#include "base/settings.hpp"
#include "segment/cells.hpp"
#include "segment/monthly.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::segment {
namespace {

using warehouse::sql_text;

constexpr int kYear = 12;

// Of a customer with all months of both years; `turn` begins the second.
std::string years_sql(const std::string& relation, const std::string& turn) {
  return fmt::format(
      "SELECT customer_id, sum(CAST(energy_kwh AS DECIMAL(18, 3))) FILTER (WHERE month >= {0}) AS own, "
      "sum(CAST(energy_kwh AS DECIMAL(18, 3))) FILTER (WHERE month < {0}) AS prior FROM {1} GROUP BY customer_id "
      "HAVING count(energy_kwh) = {2}",
      turn, relation, 2 * kYear);
}

Result<void> add_growth(warehouse::Workspace& workspace, std::span<const RunResult> runs,
                        std::span<std::vector<Market>> markets) {
  const auto as_of = runs.front().as_of;
  FENQUN_TRY(const auto relation, monthly(workspace, "_customer_month", as_of.plus(1 - 2 * kYear), as_of));
  if (relation.empty()) return {};
  FENQUN_TRY(const auto cells, Cells::create(workspace, "market", runs));
  const std::string turn = "DATE " + sql_text(as_of.plus(1 - kYear).first_date());
  FENQUN_TRY(const auto rows,
             workspace.connection().query(
                 "SELECT run, group_code, sum(customers)::BIGINT, sum(own)::DOUBLE, sum(prior)::DOUBLE FROM " +
                 cells.by_group("SELECT c.cell, count(*) AS customers, sum(y.own) AS own, sum(y.prior) AS prior FROM " +
                                cells.customers() + " c JOIN (" + years_sql(relation, turn) +
                                ") y ON y.customer_id = c.customer_id GROUP BY c.cell") +
                 " GROUP BY run, group_code"));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    auto& of_run = markets[static_cast<std::size_t>(rows.integer(r, 0))];
    const auto market = std::ranges::find(of_run, rows.text(r, 1), &Market::code);
    if (market == of_run.end()) continue;
    market->compared = rows.integer(r, 2);
    market->energy_kwh = rows.number(r, 3);
    market->energy_before_kwh = rows.number(r, 4);
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

Result<std::vector<std::vector<Market>>> markets_of(warehouse::Workspace& workspace, std::span<const RunResult> runs,
                                                    std::span<const Portrait> portraits) {
  std::vector<std::vector<Market>> out;
  for (const auto& portrait : portraits) {
    auto& markets = out.emplace_back();
    for (const auto& group : portrait.groups) {
      Market market;
      market.code = group.code;
      market.customers = group.customers;
      market.revenue_share = group.revenue_share;
      market.customer_share = group.customer_share;
      if (portrait.has_revenue && group.customer_share > 0)
        market.value_ratio = group.revenue_share / group.customer_share;
      market.is_core = market.value_ratio.value_or(0) >= kCoreRatio;
      markets.push_back(std::move(market));
    }
  }
  for (const auto& [first, last] : batches_of(runs))
    FENQUN_CHECK(add_growth(workspace, runs.subspan(first, last - first), std::span(out).subspan(first, last - first)));
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
