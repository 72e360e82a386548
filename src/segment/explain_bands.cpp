// segment/explain_bands.cpp - bands of a score: the score, its place, and what it takes to reach another band.
#include "segment/method_explainer.hpp"
#include "segment/methods.hpp"

#include <algorithm>
#include <cmath>

namespace fenqun::segment {
namespace {

struct Scored {
  double score = 0;
  std::string customer;
};

// Highest first; of equals the lower customer id, as the run orders them.
bool before(const Scored& a, const Scored& b) {
  return a.score != b.score ? a.score > b.score : a.customer < b.customer;
}

class BandsExplainer final : public MethodExplainer {
 public:
  BandsExplainer(const ExplainContext& context, std::vector<Scored> everybody)
      : context_(context), everybody_(std::move(everybody)) {}

  Result<Placement> place(const CustomerValues& values) override {
    const auto found = band_of(score_of(values), customer_in(values));
    return found.empty() ? Placement{"", kNoRule} : Placement{found, ""};
  }

  Result<void> explain(const CustomerValues& values, const Place& everything, Explanation& out) override {
    const double score = score_of(values);
    out.score = score;
    out.place = place_of(score, out.customer_id);
    out.places = static_cast<std::int64_t>(everybody_.size());
    for (const auto& feature : context_.scheme.features) {
      FENQUN_TRY(auto up, way_by(feature.name, values, everything, true));
      FENQUN_TRY(auto down, way_by(feature.name, values, everything, false));
      if (up) out.single_moves.push_back(std::move(*up));
      if (down) out.single_moves.push_back(std::move(*down));
    }
    std::ranges::stable_sort(out.single_moves, {}, &Move::distance);
    if (!out.single_moves.empty()) out.move = out.single_moves.front();
    return {};
  }

  Result<std::vector<std::string>> assign_all(const std::string& table) override {
    FENQUN_TRY(const auto rows,
               context_.workspace.connection().query("SELECT customer_id, " + band_score_sql(context_.scheme) +
                                                     " FROM " + table + " ORDER BY customer_id"));
    std::vector<std::string> out;
    for (std::size_t r = 0; r < rows.rows.size(); ++r) out.push_back(band_of(rows.number(r, 1), rows.text(r, 0)));
    return out;
  }

 private:
  static std::string customer_in(const CustomerValues& values) {
    const auto found = values.find(kCustomerId);
    return found == values.end() ? std::string() : std::get<std::string>(found->second);
  }

  [[nodiscard]] double score_of(const CustomerValues& values) const {
    double sum = 0;
    bool first = true;
    for (const auto& feature : context_.scheme.features) {
      double value = number_in(values, feature.name).value_or(0);
      if (feature.transform == Transform::Log) value = std::copysign(std::log(1 + std::abs(value)), value);
      // The SQL has the weight with six digits.
      const double weight = std::stod(std::to_string(feature.weight * feature.order));
      sum = first ? weight * value : sum + weight * value;
      first = false;
    }
    return sum;
  }

  /// Place among all others, from 1.
  [[nodiscard]] std::int64_t place_of(double score, const std::string& customer) const {
    const Scored own{score, customer};
    const auto at = std::lower_bound(everybody_.begin(), everybody_.end(), own, before);
    auto ahead = at - everybody_.begin();
    // The customer itself, with its stored score, does not stand before itself.
    const auto self = scores_.find(customer);
    if (self != scores_.end() && before({self->second, customer}, own)) --ahead;
    return ahead + 1;
  }

  [[nodiscard]] std::string band_of(double score, const std::string& customer) const {
    const auto place = place_of(score, customer);
    const auto all = static_cast<double>(everybody_.size());
    for (const auto& band : context_.scheme.groups) {
      const bool in =
          band.from ? score >= std::stod(std::to_string(*band.from))
                    : static_cast<double>(place) <= std::ceil(std::stod(std::to_string(*band.top_share)) * all - 1e-9);
      if (in) return band.code;
    }
    return "";
  }

  /// The least change of one feature that leads into another band, up or down, within what occurs.
  Result<std::optional<Move>> way_by(const std::string& feature, const CustomerValues& values, const Place& everything,
                                     bool up) {
    const auto own = number_in(values, feature);
    if (!own) return std::optional<Move>();
    const auto& grid = context_.grids.at(feature);
    FENQUN_TRY(const auto from, everything(values));
    auto changed = values;
    const auto elsewhere = [&](double value) -> Result<std::string> {
      changed[feature] = value;
      FENQUN_TRY(const auto to, everything(changed));
      return to.group == from.group ? std::string() : to.group;
    };
    double near = *own;
    double far = up ? grid.greatest + grid.step : grid.least;
    if (up ? far <= near : far >= near) return std::optional<Move>();
    FENQUN_TRY(const auto end, elsewhere(far));
    if (end.empty()) return std::optional<Move>();
    while (std::abs(far - near) > 1.5 * grid.step) {
      const double tried = grid.beyond((near + far) / 2, near);
      if (tried == near || tried == far) break;
      FENQUN_TRY(const auto group, elsewhere(tried));
      (group.empty() ? near : far) = tried;
    }
    FENQUN_TRY(const auto into, elsewhere(far));
    Move out;
    out.into = into;
    out.changes.push_back(change_of(context_, feature, values, far));
    out.distance = std::abs(far - *own) / grid.spread;
    return std::optional<Move>(std::move(out));
  }

  ExplainContext context_;
  std::vector<Scored> everybody_;  // highest first
  std::map<std::string, double, std::less<>> scores_ = by_customer(everybody_);

  static std::map<std::string, double, std::less<>> by_customer(const std::vector<Scored>& everybody) {
    std::map<std::string, double, std::less<>> out;
    for (const auto& one : everybody) out.emplace(one.customer, one.score);
    return out;
  }
};

}  // namespace

Result<std::unique_ptr<MethodExplainer>> make_bands_explainer(const ExplainContext& context) {
  std::vector<Scored> everybody;
  FENQUN_CHECK(context.workspace.connection().stream(
      "SELECT customer_id, (" + band_score_sql(context.scheme) + ")::DOUBLE AS score FROM " +
          context.population.classifiable + " ORDER BY score DESC, customer_id",
      [&](const warehouse::Chunk& chunk) -> Result<void> {
        for (std::size_t r = 0; r < chunk.rows(); ++r)
          everybody.push_back({chunk.number(1, r), std::string(chunk.text(0, r))});
        return {};
      }));
  return std::make_unique<BandsExplainer>(context, std::move(everybody));
}

}  // namespace fenqun::segment
