// ledger/primary_rules.cpp - config/primary_group.yaml, checked against the schemes that it names.
#include "base/near_names.hpp"
#include "base/settings.hpp"
#include "ledger/primary_group.hpp"
#include "segment/scheme_order.hpp"

#include <algorithm>
#include <map>

namespace fenqun::ledger {
namespace {

class RuleReader {
 public:
  RuleReader(const AssetStore& assets, const features::FeatureCatalogue& catalogue)
      : assets_(assets), catalogue_(catalogue) {}

  Result<PrimaryRules> read(const Settings& root) {
    PrimaryRules out;
    FENQUN_CHECK(root.allow_only({"priority", "conflicts"}));
    FENQUN_TRY(const auto list, root.child("priority"));
    FENQUN_TRY(const auto ranks, list.items());
    for (const auto& node : ranks) {
      FENQUN_TRY(auto group, read_group(node));
      if (std::find(out.priority.begin(), out.priority.end(), group) != out.priority.end()) {
        return node.refuse("ledger.primary_twice", {{"scheme", group.scheme}, {"group", group.group}});
      }
      out.priority.push_back(std::move(group));
    }
    const auto conflicts = root.find("conflicts");
    if (!conflicts) return out;
    FENQUN_TRY(const auto nodes, conflicts->items());
    for (const auto& node : nodes) {
      FENQUN_TRY(auto rule, read_conflict(node, out.priority));
      out.conflicts.push_back(std::move(rule));
    }
    return out;
  }

 private:
  Result<GroupName> read_group(const Settings& node) {
    FENQUN_CHECK(node.allow_only({"scheme", "group"}));
    GroupName out;
    FENQUN_TRY(out.scheme, node.text("scheme"));
    FENQUN_TRY(out.group, node.text("group"));
    const auto names = segment::scheme_names(assets_);
    if (std::find(names.begin(), names.end(), out.scheme) == names.end()) {
      return node.refuse("ledger.primary_no_scheme", {{"scheme", out.scheme}, {"near", near_names(out.scheme, names)}});
    }
    if (!codes_.contains(out.scheme)) {
      FENQUN_TRY(const auto scheme, segment::load_scheme(assets_, catalogue_, out.scheme));
      codes_[out.scheme] = segment::group_codes(scheme);
    }
    const auto& codes = codes_[out.scheme];
    // A scheme without names of its own has its codes after a run only.
    if (codes.empty() || std::find(codes.begin(), codes.end(), out.group) != codes.end()) return out;
    return node.refuse("ledger.primary_no_group",
                       {{"scheme", out.scheme}, {"group", out.group}, {"near", near_names(out.group, codes)}});
  }

  Result<ConflictRule> read_conflict(const Settings& node, const std::vector<GroupName>& priority) {
    FENQUN_CHECK(node.allow_only({"between", "prevails", "reason"}));
    FENQUN_TRY(const auto between, node.child("between"));
    FENQUN_TRY(const auto pair, between.items());
    if (pair.size() != 2) return node.refuse("ledger.conflict_pair", {{"groups", std::to_string(pair.size())}});
    ConflictRule out;
    FENQUN_TRY(out.first, read_group(pair[0]));
    FENQUN_TRY(out.second, read_group(pair[1]));
    // Nobody is in two groups of one scheme.
    if (out.first.scheme == out.second.scheme)
      return node.refuse("ledger.conflict_pair", {{"groups", out.first.scheme}});
    FENQUN_TRY(const auto reason, node.child("reason"));
    FENQUN_TRY(out.reason.zh, reason.text("zh"));
    FENQUN_TRY(out.reason.en, reason.text("en"));
    const auto rank = [&](const GroupName& group) { return std::find(priority.begin(), priority.end(), group); };
    FENQUN_TRY(out.prevails, node.text("prevails", ""));
    if (out.prevails.empty() && rank(out.first) != rank(out.second)) {
      out.prevails = rank(out.first) < rank(out.second) ? out.first.scheme : out.second.scheme;
    }
    if (out.prevails == out.first.scheme || out.prevails == out.second.scheme) return out;
    return node.refuse("ledger.conflict_undecided",
                       {{"prevails", out.prevails}, {"first", out.first.scheme}, {"second", out.second.scheme}});
  }

  const AssetStore& assets_;
  const features::FeatureCatalogue& catalogue_;
  std::map<std::string, std::vector<std::string>> codes_;  // of schemes met so far
};

}  // namespace

Result<PrimaryRules> load_primary_rules(const AssetStore& assets, const features::FeatureCatalogue& catalogue) {
  FENQUN_TRY(const auto asset, assets.read("config/primary_group.yaml"));
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  return RuleReader(assets, catalogue).read(root);
}

}  // namespace fenqun::ledger
