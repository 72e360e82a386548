// segment/scheme_order.cpp - a walk in depth; what is still being visited when it is met again closes a circle.
#include "segment/scheme_order.hpp"

#include "base/near_names.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace fenqun::segment {
namespace {

std::string place(const Scheme& scheme, int line) { return scheme.origin + ":" + std::to_string(line); }

class Walk {
 public:
  Walk(const AssetStore& assets, const features::FeatureCatalogue& catalogue, std::span<const Scheme> beside)
      : assets_(assets), catalogue_(catalogue), beside_(beside) {}

  Result<void> visit(const std::string& name) {
    if (is_done(name)) return {};
    FENQUN_TRY(auto scheme, load_scheme(assets_, catalogue_, name));
    return visit(std::move(scheme));
  }

  Result<void> visit(Scheme scheme) {
    open_.push_back({std::move(scheme), 0});
    const auto at = open_.size() - 1;
    const auto uses = open_[at].scheme.uses;
    for (const auto& use : uses) {
      open_[at].line = use.line;
      FENQUN_CHECK(visit_used(use));
    }
    auto done = std::move(open_.back().scheme);
    open_.pop_back();
    FENQUN_CHECK(check_groups(done));
    done_.push_back(std::move(done));
    return {};
  }

  std::vector<Scheme> take() { return std::move(done_); }

 private:
  struct Open {
    Scheme scheme;
    int line = 0;  // where it names the one that is visited now
  };

  [[nodiscard]] bool is_done(const std::string& name) const {
    return std::any_of(done_.begin(), done_.end(), [&](const Scheme& scheme) { return scheme.name == name; });
  }

  Result<void> visit_used(const SchemeUse& use) {
    const auto circle =
        std::find_if(open_.begin(), open_.end(), [&](const Open& open) { return open.scheme.name == use.scheme; });
    if (circle == open_.end()) {
      for (const auto& scheme : beside_) {
        if (scheme.name == use.scheme) return is_done(use.scheme) ? Result<void>() : visit(scheme);
      }
      const auto names = scheme_names(assets_);
      if (std::find(names.begin(), names.end(), use.scheme) != names.end()) return visit(use.scheme);
      return fail(ErrorCode::BadData, "segment.used_unknown",
                  {{"file", open_.back().scheme.origin},
                   {"line", std::to_string(use.line)},
                   {"scheme", use.scheme},
                   {"near", near_names(use.scheme, names)}});
    }
    std::string path;
    for (auto open = circle; open != open_.end(); ++open) {
      path += open->scheme.name + " (" + place(open->scheme, open->line) + ") → ";
    }
    return fail(ErrorCode::BadData, "segment.scheme_circle", {{"path", path + use.scheme}});
  }

  // Every group that is named must be one of its scheme.
  Result<void> check_groups(const Scheme& scheme) const {
    if (scheme.within) FENQUN_CHECK(check_group(scheme, scheme.within->scheme, scheme.within->group));
    if (scheme.population) FENQUN_CHECK(check_condition(scheme, *scheme.population));
    for (const auto& exclusion : scheme.exclusions) FENQUN_CHECK(check_condition(scheme, exclusion.when));
    for (const auto& group : scheme.groups) {
      if (group.when) FENQUN_CHECK(check_condition(scheme, *group.when));
    }
    return {};
  }

  // Texts beside group_of('x'), and nothing else that could be meant by them.
  Result<void> check_condition(const Scheme& scheme, const Expression& expression) const {
    for (const auto& condition : expression.conditions()) {
      if (condition.features.size() != 1) continue;
      const auto used = scheme_of_column(condition.features.front());
      if (!used) continue;
      for (const auto& text : condition.texts) FENQUN_CHECK(check_group(scheme, *used, text));
    }
    return {};
  }

  Result<void> check_group(const Scheme& scheme, const std::string& used, const std::string& group) const {
    const auto outer = std::find_if(done_.begin(), done_.end(), [&](const Scheme& done) { return done.name == used; });
    if (outer == done_.end()) return {};
    const auto codes = group_codes(*outer);
    if (codes.empty() || std::find(codes.begin(), codes.end(), group) != codes.end()) return {};
    const auto use =
        std::find_if(scheme.uses.begin(), scheme.uses.end(), [&](const SchemeUse& one) { return one.scheme == used; });
    return fail(ErrorCode::BadData, "segment.used_group_unknown",
                {{"file", scheme.origin},
                 {"line", std::to_string(use == scheme.uses.end() ? 0 : use->line)},
                 {"scheme", used},
                 {"group", group},
                 {"near", near_names(group, codes)}});
  }

  const AssetStore& assets_;
  const features::FeatureCatalogue& catalogue_;
  std::span<const Scheme> beside_;
  std::vector<Open> open_;
  std::vector<Scheme> done_;
};

}  // namespace

std::vector<std::string> group_codes(const Scheme& scheme) {
  std::vector<std::string> out;
  const bool own = scheme.strata && scheme.strata->groups == StratumGroups::Own;
  if (own && scheme.strata->by) return out;
  for (const auto& group : scheme.groups) {
    if (!own) out.push_back(group.code);
    if (!own) continue;
    for (const auto& stratum : scheme.strata->list) out.push_back(stratum.code + "." + group.code);
  }
  return out;
}

Result<std::vector<Scheme>> load_in_order(const AssetStore& assets, const features::FeatureCatalogue& catalogue,
                                          const std::vector<std::string>& names) {
  Walk walk(assets, catalogue, {});
  for (const auto& name : names) FENQUN_CHECK(walk.visit(name));
  return walk.take();
}

Result<std::vector<Scheme>> order_with(const AssetStore& assets, const features::FeatureCatalogue& catalogue,
                                       Scheme scheme, std::span<const Scheme> beside) {
  Walk walk(assets, catalogue, beside);
  FENQUN_CHECK(walk.visit(std::move(scheme)));
  return walk.take();
}

}  // namespace fenqun::segment
