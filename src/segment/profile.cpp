// segment/profile.cpp - the blocks of a portrait, and what stands in them put together.
#include "segment/profile.hpp"

#include "base/settings.hpp"
#include "segment/profile_batch.hpp"
#include "segment/significance.hpp"

namespace fenqun::segment {
namespace {

constexpr int kMonths = 24;

Result<FactField> read_fact(const Settings& node, const warehouse::Workspace& workspace) {
  FENQUN_CHECK(node.allow_only({"entity", "field", "time"}));
  FactField out;
  FENQUN_TRY(out.entity, node.text("entity"));
  FENQUN_TRY(out.field, node.text("field"));
  FENQUN_TRY(out.time, node.text("time", ""));
  const auto* contract = workspace.contracts().find(out.entity);
  const auto* field = contract == nullptr ? nullptr : contract->find(out.field);
  if (field == nullptr || (!out.time.empty() && contract->find(out.time) == nullptr)) {
    return node.refuse("segment.unknown_fact", {{"entity", out.entity}, {"field", out.field}});
  }
  out.title = {contract->title.zh + "·" + field->title.zh, contract->title.en + ": " + field->title.en};
  return out;
}

void mark_facts(Profile& out) {
  std::vector<std::optional<double>> all;
  for (const auto& group : out.groups) {
    for (const auto& line : group.facts) all.push_back(line.p);
  }
  const auto stands = stand_together(all, kFalseDiscoveryRate);
  std::size_t at = 0;
  for (auto& group : out.groups) {
    for (auto& line : group.facts) line.is_significant = stands[at++];
  }
}

Profile empty_profile(const std::vector<PortraitBlock>& blocks, const RunResult& run) {
  Profile out;
  out.run_id = run.run_id;
  out.blocks = blocks;
  for (const auto& block : blocks) out.facts.insert(out.facts.end(), block.facts.begin(), block.facts.end());
  out.has_fact.assign(out.facts.size(), false);
  for (int i = 0; i < kMonths; ++i) out.months.push_back(run.as_of.plus(1 - kMonths + i).text());
  for (const auto& group : run.groups) {
    out.groups.emplace_back();
    out.groups.back().code = group.code;
    out.groups.back().month_kwh.resize(out.months.size());
  }
  return out;
}

Result<void> fill_batch(const ProfileBatch& batch, WorkerPool& pool) {
  FENQUN_CHECK(add_facts(batch));
  for (auto& profile : batch.profiles) mark_facts(profile);
  FENQUN_CHECK(add_months(batch));
  FENQUN_CHECK(add_hours(batch));
  return add_members(batch, pool);
}

}  // namespace

Result<std::vector<PortraitBlock>> load_blocks(const warehouse::Workspace& workspace,
                                               const features::FeatureCatalogue& catalogue) {
  FENQUN_TRY(const auto asset, workspace.assets().read("config/portraits/blocks.yaml"));
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(root.allow_only({"blocks"}));
  FENQUN_TRY(const auto list, root.child("blocks"));
  FENQUN_TRY(const auto items, list.items());
  std::vector<PortraitBlock> out;
  for (const auto& item : items) {
    FENQUN_CHECK(item.allow_only({"code", "title", "features", "facts"}));
    PortraitBlock block;
    FENQUN_TRY(block.code, item.text("code"));
    FENQUN_TRY(const auto title, item.child("title"));
    FENQUN_TRY(block.title.zh, title.text("zh"));
    FENQUN_TRY(block.title.en, title.text("en"));
    FENQUN_TRY(block.features, item.texts("features"));
    for (const auto& name : block.features) {
      if (catalogue.find(name) == nullptr) {
        return item.refuse("segment.unknown_block_feature", {{"feature", name}});
      }
    }
    if (const auto facts = item.find("facts")) {
      FENQUN_TRY(const auto nodes, facts->items());
      for (const auto& node : nodes) {
        FENQUN_TRY(auto fact, read_fact(node, workspace));
        block.facts.push_back(std::move(fact));
      }
    }
    out.push_back(std::move(block));
  }
  return out;
}

Result<std::vector<Profile>> make_profiles(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                                           std::span<const Scheme> schemes, std::span<const RunResult> runs,
                                           std::span<const Portrait> portraits, WorkerPool& pool) {
  FENQUN_TRY(const auto blocks, load_blocks(workspace, catalogue));
  std::vector<Profile> out;
  for (const auto& run : runs) out.push_back(empty_profile(blocks, run));
  for (const auto& [first, last] : batches_of(runs)) {
    const auto count = last - first;
    FENQUN_TRY(const auto cells, Cells::create(workspace, "profile", runs.subspan(first, count)));
    const ProfileBatch batch{workspace, cells, schemes.subspan(first, count), runs.subspan(first, count),
                             std::span(out).subspan(first, count)};
    FENQUN_CHECK(fill_batch(batch, pool));
  }
  for (std::size_t r = 0; r < runs.size(); ++r) {
    std::set<std::string> telling;
    for (const auto& block : blocks) telling.insert(block.features.begin(), block.features.end());
    for (const auto& feature : schemes[r].features) telling.insert(feature.name);
    auto& groups = out[r].groups;
    for (std::size_t g = 0; g < groups.size() && g < portraits[r].groups.size(); ++g) {
      FENQUN_TRY(groups[g].proposed_name, propose_name(workspace.assets(), catalogue, telling, portraits[r].groups[g]));
    }
  }
  return out;
}

}  // namespace fenqun::segment
