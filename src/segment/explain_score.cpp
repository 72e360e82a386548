// segment/explain_score.cpp - weighted scores: points, what the band asks for, and the change of fewest features that
// leads into another.
#include "segment/method_explainer.hpp"
#include "segment/methods.hpp"
#include "segment/score_search.hpp"

#include <algorithm>

namespace fenqun::segment {
namespace {

class ScoreExplainer final : public MethodExplainer {
 public:
  ScoreExplainer(const ExplainContext& context, ScoreWorks works) : context_(context), works_(std::move(works)) {}

  Result<Placement> place(const CustomerValues& values) override {
    const auto scored = works_.score(values);
    if (!scored.hundredths) return Placement{"", kScoreUnknown};
    for (std::size_t g = 0; g < context_.scheme.groups.size(); ++g) {
      if (works_.is_in(g, *scored.hundredths, values)) return Placement{context_.scheme.groups[g].code, ""};
    }
    return Placement{"", kNoRule};
  }

  Result<void> explain(const CustomerValues& values, const Place& everything, Explanation& out) override {
    const auto scored = works_.score(values);
    out.known_share = scored.known / works_.weight();
    if (scored.hundredths) out.score = static_cast<double>(*scored.hundredths) / 100;
    tell_points(values, scored, out);
    if (out.own.group.empty()) return {};
    tell_band(out);
    ScoreSearch search(context_, works_, values, everything, out.own.group);
    FENQUN_TRY(out.single_moves, search.by_one());
    if (!out.single_moves.empty()) {
      out.move = out.single_moves.front();
      return {};
    }
    FENQUN_TRY(out.move, search.by_several());
    return {};
  }

  Result<std::vector<std::string>> assign_all(const std::string& table) override {
    const auto& population = context_.population.classifiable;
    FENQUN_TRY(const auto rows,
               context_.workspace.connection().query("SELECT coalesce(" + score_group_sql(context_.scheme, population) +
                                                     ", '') FROM " + table + " JOIN (" +
                                                     scores_sql(context_.scheme, context_.features, table, population) +
                                                     ") USING (customer_id) ORDER BY customer_id"));
    std::vector<std::string> out;
    out.reserve(rows.rows.size());
    for (std::size_t r = 0; r < rows.rows.size(); ++r) out.push_back(rows.text(r, 0));
    return out;
  }

 private:
  // A part's points are what it adds to the rounded score, as they are stored.
  void tell_points(const CustomerValues& values, const Scored& scored, Explanation& out) const {
    const auto& parts = context_.scheme.score->parts;
    std::int64_t before = 0;
    double sum = 0;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      PartPoints told{p, std::nullopt, scored.known > 0 ? 100 * parts[p].weight / scored.known : 0, {}};
      if (!parts[p].feature.empty()) told.value = value_of(values)(parts[p].feature);
      sum += scored.parts[p].value_or(0) * parts[p].weight;
      const auto after = scored.known > 0 ? hundredths_of(100 * sum / scored.known) : 0;
      if (scored.parts[p] && scored.hundredths) told.points = static_cast<double>(after - before) / 100;
      before = after;
      out.points.push_back(std::move(told));
    }
    std::ranges::stable_sort(out.points, std::greater<>(), [](const PartPoints& p) { return p.points.value_or(-1); });
  }

  void tell_band(Explanation& out) const {
    for (const auto& group : context_.scheme.groups) {
      if (!group.from) continue;
      if (group.code == out.own.group) {
        out.band_from = group.from;
        return;
      }
      // Of a group with a condition besides, the score alone says nothing.
      if (!group.when) out.band_below = group.from;
    }
  }

  ExplainContext context_;
  ScoreWorks works_;
};

}  // namespace

Result<std::unique_ptr<MethodExplainer>> make_score_explainer(const ExplainContext& context) {
  FENQUN_TRY(auto works, ScoreWorks::create(context));
  return std::make_unique<ScoreExplainer>(context, std::move(works));
}

}  // namespace fenqun::segment
