// segment/explain_tiers.cpp - clusters: what speaks for the own centre, and the shortest way over a border, told in the
// features' units.
#include "cluster/explain.hpp"

#include "cluster/assign.hpp"
#include "cluster/scaling.hpp"
#include "segment/explain_bounds.hpp"
#include "segment/method_explainer.hpp"
#include "segment/scaling_rule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

class TiersExplainer final : public MethodExplainer {
 public:
  TiersExplainer(const ExplainContext& context, cluster::FittedScaling scaling, Matrix<float> centres)
      : context_(context), scaling_(std::move(scaling)), centres_(std::move(centres)) {}

  Result<Placement> place(const CustomerValues& values) override {
    FENQUN_TRY(const auto own, assigned(row_of(values), bounds_of(values)));
    return Placement{code(own), ""};
  }

  Result<void> explain(const CustomerValues& values, const Place& everything, Explanation& out) override {
    const auto row = row_of(values);
    FENQUN_TRY(const auto scaled, scale(row));
    const auto bounds = bounds_of(values);
    const auto prices = bounds ? bounds->prices : std::span<const double>();
    FENQUN_TRY(auto told, cluster::explain_row(scaled.row(0), centres_.view(), prices));
    // Of equals the one where the customer is.
    if (bounds && told.own != bounds->own) std::swap(told.own, told.next);
    FENQUN_TRY(const auto nearest, assigned(row, std::nullopt));
    if (nearest != told.own) out.nearest_group = code(nearest);
    out.own_distance = told.own_distance;
    out.next_distance = told.next_distance;
    out.next_group = code(told.next);
    for (const auto& reason : told.reasons) {
      const auto& name = feature(reason.column);
      out.contributions.push_back({name, row[reason.column], context_.run.groups[told.own].centre[reason.column].value,
                                   context_.run.groups[told.next].centre[reason.column].value, reason.contribution});
    }
    Search search{*this,    values, everything, row, {scaled.row(0).begin(), scaled.row(0).end()},
                  told.own, bounds, {},         {}};
    FENQUN_CHECK(search.begin());
    for (std::uint32_t group = 0; group < centres_.rows(); ++group) {
      if (group == told.own) continue;
      FENQUN_TRY(auto move, search.way_to(group));
      if (move && (!out.move || move->distance < out.move->distance)) out.move = std::move(move);
    }
    return search.single_ways(told, out.single_moves);
  }

  Result<std::vector<std::string>> assign_all(const std::string& table) override {
    std::vector<std::string> customers;
    FENQUN_TRY(const auto scaled, scaled_rows(table, customers));
    std::vector<std::string> out;
    out.reserve(customers.size());
    if (bounded_) {
      const auto costs = cluster::squared_distances(scaled.view(), centres_.view(), context_.pool);
      for (std::size_t r = 0; r < customers.size(); ++r) {
        FENQUN_TRY(const auto label, bounded_->assign_changed(customers[r], costs.row(r)));
        out.push_back(code(label));
      }
      return out;
    }
    FENQUN_TRY(const auto found, cluster::assign_rows(scaled.view(), centres_.view(), context_.pool));
    for (const auto label : found.labels) out.push_back(code(label));
    return out;
  }

  /// The run kept the sizes of its groups within shares of the customers.
  Result<void> bound(const BalanceResult& balance) {
    std::vector<std::string> customers;
    FENQUN_TRY(const auto scaled, scaled_rows(context_.population.classifiable, customers));
    FENQUN_TRY(const auto bounds, cluster::bounds_of_shares(customers.size(), balance.least_share, balance.most_share));
    FENQUN_TRY(bounded_, BoundedGroups::create(customers, scaled.view(), centres_.view(), bounds, context_.pool));
    return {};
  }

 private:
  using Row = std::vector<double>;

  [[nodiscard]] const std::string& code(std::uint32_t group) const { return context_.run.groups[group].code; }
  [[nodiscard]] const std::string& feature(std::size_t column) const { return context_.scheme.features[column].name; }
  [[nodiscard]] const FeatureGrid& grid(std::size_t column) const { return context_.grids.at(feature(column)); }

  [[nodiscard]] std::string columns() const {
    std::string out;
    for (std::size_t c = 0; c < scaling_.columns.size(); ++c)
      out += (c > 0 ? ", " : "") + sql_name(feature(c)) + "::DOUBLE";
    return out;
  }

  /// All rows of a table as they are compared with centres, by customer.
  Result<Matrix<float>> scaled_rows(const std::string& table, std::vector<std::string>& customers) {
    std::vector<double> cells;
    const std::size_t d = scaling_.columns.size();
    FENQUN_CHECK(context_.workspace.connection().stream(
        "SELECT customer_id, " + columns() + " FROM " + table + " ORDER BY customer_id",
        [&](const warehouse::Chunk& chunk) -> Result<void> {
          for (std::size_t r = 0; r < chunk.rows(); ++r) {
            customers.emplace_back(chunk.text(0, r));
            for (std::size_t c = 0; c < d; ++c) cells.push_back(chunk.number(c + 1, r));
          }
          return {};
        }));
    return cluster::apply_scaling(scaling_, RowView<const double>(cells.data(), cells.size() / d, d), context_.pool);
  }

  [[nodiscard]] std::optional<BoundedPlace> bounds_of(const CustomerValues& values) const {
    const auto id = values.find(kCustomerId);
    if (!bounded_ || id == values.end()) return std::nullopt;
    return bounded_->place_of(std::get<std::string>(id->second));
  }

  [[nodiscard]] Row row_of(const CustomerValues& values) const {
    Row out;
    for (std::size_t c = 0; c < scaling_.columns.size(); ++c)
      out.push_back(number_in(values, feature(c)).value_or(std::numeric_limits<double>::quiet_NaN()));
    return out;
  }

  Result<Matrix<float>> scale(const Row& row) {
    return cluster::apply_scaling(scaling_, RowView<const double>(row.data(), 1, row.size()), context_.pool);
  }

  Result<std::uint32_t> assigned(const Row& row, const std::optional<BoundedPlace>& bounds) {
    FENQUN_TRY(const auto scaled, scale(row));
    if (bounds) {
      const auto squared = cluster::squared_distances(scaled.view(), centres_.view(), context_.pool);
      return bounds->with(squared.row(0));
    }
    FENQUN_TRY(const auto found, cluster::assign_rows(scaled.view(), centres_.view(), context_.pool));
    return found.labels[0];
  }

  /// Scaled values back in the features' units. The rows' norm is left out: it has no inverse.
  Result<Row> unscale(const Row& scaled) {
    Matrix<float> row(1, scaled.size());
    for (std::size_t c = 0; c < scaled.size(); ++c) row(0, c) = static_cast<float>(scaled[c]);
    auto columns = scaling_;
    columns.row_norm = cluster::RowNorm::None;
    FENQUN_TRY(const auto out, cluster::invert_scaling(columns, row.view()));
    return Row(out.row(0).begin(), out.row(0).end());
  }

  /// Members of each group, in their own units; the first 2,000 of a group. Read when they are needed.
  Result<void> read_members() {
    if (!members_.empty()) return {};
    members_.resize(centres_.rows());
    constexpr int kMost = 2'000;
    for (std::uint32_t group = 0; group < centres_.rows(); ++group) {
      FENQUN_TRY(const auto rows, context_.workspace.connection().query(
                                      "SELECT " + columns() + " FROM " + context_.population.classifiable +
                                      " WHERE customer_id IN (SELECT customer_id FROM assignment WHERE run_id = " +
                                      sql_text(context_.run.run_id) + " AND group_code = " + sql_text(code(group)) +
                                      ") ORDER BY customer_id LIMIT " + std::to_string(kMost)));
      for (std::size_t r = 0; r < rows.rows.size(); ++r) {
        Row row;
        for (std::size_t c = 0; c < scaling_.columns.size(); ++c) row.push_back(rows.number(r, c));
        members_[group].push_back(std::move(row));
      }
    }
    return {};
  }

  /// The search for ways out of the group of one customer.
  struct Search {
    TiersExplainer& model;
    const CustomerValues& values;
    const Place& everything;
    const Row& row;
    Row scaled;
    std::uint32_t own;
    std::optional<BoundedPlace> bounds;
    Row low;  // reachable scaled values, column by column
    Row high;

    Result<void> begin() {
      Row least = row;
      Row greatest = row;
      for (std::size_t c = 0; c < row.size(); ++c) {
        least[c] = std::min(least[c], model.grid(c).least);
        greatest[c] = std::max(greatest[c], model.grid(c).greatest);
      }
      auto columns = model.scaling_;
      columns.row_norm = cluster::RowNorm::None;
      const auto ends = [&](const Row& from) -> Result<Row> {
        FENQUN_TRY(const auto out, cluster::apply_scaling(columns, RowView<const double>(from.data(), 1, from.size()),
                                                          model.context_.pool));
        return Row(out.row(0).begin(), out.row(0).end());
      };
      FENQUN_TRY(low, ends(least));
      FENQUN_TRY(high, ends(greatest));
      return {};
    }

    Result<bool> leads_to(const Row& to, std::uint32_t group) const {
      FENQUN_TRY(const auto label, model.assigned(to, bounds));
      if (label != group) return false;
      auto changed = values;
      for (std::size_t c = 0; c < to.size(); ++c) changed[model.feature(c)] = to[c];
      FENQUN_TRY(const auto placed, everything(changed));
      return placed.group == model.code(group);
    }

    /// The nearest point, within what is reachable, at which the other centre is no farther than the own by `margin`
    /// (scaled units²): adding lambda x direction, cut off at the ends, is the least change of that kind.
    [[nodiscard]] std::optional<Row> border(std::uint32_t group, double beyond) const {
      const auto from = model.centres_.row(own);
      const auto to = model.centres_.row(group);
      double lead = bounds ? (bounds->prices[group] - bounds->prices[own]) / 2 : 0;
      Row direction(scaled.size());
      for (std::size_t c = 0; c < scaled.size(); ++c) {
        const auto a = static_cast<double>(from[c]);
        const auto b = static_cast<double>(to[c]);
        direction[c] = b - a;
        lead += ((scaled[c] - b) * (scaled[c] - b) - (scaled[c] - a) * (scaled[c] - a)) / 2;
      }
      const double wanted = std::max(lead, 0.0) * beyond + 1e-9;
      const auto point = [&](double lambda) {
        Row out(scaled.size());
        for (std::size_t c = 0; c < out.size(); ++c)
          out[c] = std::clamp(scaled[c] + lambda * direction[c], low[c], high[c]);
        return out;
      };
      const auto gained = [&](const Row& at) {
        double sum = 0;
        for (std::size_t c = 0; c < at.size(); ++c) sum += direction[c] * (at[c] - scaled[c]);
        return sum;
      };
      double enough = 1;
      while (gained(point(enough)) < wanted) {
        enough *= 2;
        if (enough > 1e9) return std::nullopt;
      }
      double little = 0;
      for (int round = 0; round < 80; ++round) {
        const double middle = (little + enough) / 2;
        (gained(point(middle)) < wanted ? little : enough) = middle;
      }
      return point(enough);
    }

    /// Scaled values as numbers on the features' grids, away from the customer's own; what hardly moves stays.
    Result<Row> on_grid(const Row& to) const {
      FENQUN_TRY(auto out, model.unscale(to));
      for (std::size_t c = 0; c < out.size(); ++c) {
        const bool still = std::abs(to[c] - scaled[c]) < 1e-9;
        out[c] = still ? row[c] : model.grid(c).beyond(out[c], row[c]);
      }
      return out;
    }

    /// Ever farther beyond the border until the row, rounded, arrives. With the rows' norm there are no planes: towards
    /// the centre.
    Result<std::optional<Row>> arrive(std::uint32_t group) const {
      constexpr std::array kBeyond = {1.0 + 1e-6, 1.0001, 1.001, 1.01, 1.03, 1.1, 1.25, 1.5, 2.0, 3.0, 5.0};
      const bool is_plane = model.scaling_.row_norm == cluster::RowNorm::None;
      for (std::size_t i = 0; i < kBeyond.size(); ++i) {
        std::optional<Row> to;
        if (is_plane)
          to = border(group, kBeyond[i]);
        else
          to = towards(group, static_cast<double>(i + 1) / kBeyond.size());
        if (!to) break;
        FENQUN_TRY(auto numbers, on_grid(*to));
        FENQUN_TRY(const bool there, leads_to(numbers, group));
        if (there) return std::optional<Row>(std::move(numbers));
      }
      return std::optional<Row>();
    }

    [[nodiscard]] Row towards(std::uint32_t group, double share) const {
      double length = 0;
      for (const auto value : scaled) length += value * value;
      Row out(scaled.size());
      for (std::size_t c = 0; c < out.size(); ++c) {
        const double end = static_cast<double>(model.centres_(group, c)) * std::sqrt(length);
        out[c] = std::clamp(scaled[c] + share * (end - scaled[c]), low[c], high[c]);
      }
      return out;
    }

    Result<std::optional<Row>> nearest_member(std::uint32_t group) const {
      FENQUN_CHECK(model.read_members());
      std::vector<std::pair<double, const Row*>> order;
      for (const auto& member : model.members_[group]) {
        FENQUN_TRY(const double away, distance_to(member));
        order.emplace_back(away, &member);
      }
      std::ranges::stable_sort(order, {}, &std::pair<double, const Row*>::first);
      constexpr std::size_t kTries = 50;
      for (std::size_t i = 0; i < std::min(kTries, order.size()); ++i) {
        FENQUN_TRY(const bool there, leads_to(*order[i].second, group));
        if (there) return std::optional<Row>(*order[i].second);
      }
      return std::optional<Row>();
    }

    Result<double> distance_to(const Row& to) const {
      FENQUN_TRY(const auto there, model.scale(to));
      double sum = 0;
      for (std::size_t c = 0; c < to.size(); ++c) {
        const double difference = static_cast<double>(there(0, c)) - here(c);
        sum += difference * difference;
      }
      return std::sqrt(sum);
    }

    // The row as it is compared with centres; `scaled` is the same unless rows have a norm.
    [[nodiscard]] double here(std::size_t c) const { return scaled[c]; }

    /// Takes back what is not needed: whole changes first, the least one first; then each as far as it goes.
    Result<void> take_back(Row& to, std::uint32_t group) const {
      FENQUN_TRY(const auto there, model.scale(to));
      std::vector<std::size_t> order(to.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::ranges::stable_sort(order, {},
                               [&](std::size_t c) { return std::abs(static_cast<double>(there(0, c)) - scaled[c]); });
      for (const auto c : order) {
        if (to[c] == row[c]) continue;
        auto without = to;
        without[c] = row[c];
        FENQUN_TRY(const bool still, leads_to(without, group));
        if (still) to = std::move(without);
      }
      std::ranges::reverse(order);
      for (const auto at : order) FENQUN_CHECK(shorten(to, at, group));
      return {};
    }

    Result<void> shorten(Row& to, std::size_t column, std::uint32_t group) const {
      double near = row[column];
      double far = to[column];
      const double step = model.grid(column).step;
      while (std::abs(far - near) > 1.5 * step) {
        auto tried = to;
        tried[column] = model.grid(column).beyond((near + far) / 2, near);
        if (tried[column] == far || tried[column] == near) break;
        FENQUN_TRY(const bool there, leads_to(tried, group));
        (there ? far : near) = tried[column];
      }
      to[column] = far;
      return {};
    }

    Result<Move> told(const Row& to, std::uint32_t group) const {
      Move out;
      out.into = model.code(group);
      FENQUN_TRY(out.distance, distance_to(to));
      FENQUN_TRY(const auto there, model.scale(to));
      for (std::size_t c = 0; c < to.size(); ++c) {
        if (to[c] == row[c]) continue;
        auto change = change_of(model.context_, model.feature(c), values, to[c]);
        change.scaled = static_cast<double>(there(0, c)) - scaled[c];
        out.changes.push_back(std::move(change));
      }
      std::ranges::stable_sort(out.changes, std::greater<>(), [](const ValueChange& c) { return std::abs(c.scaled); });
      return out;
    }

    Result<std::optional<Move>> way_to(std::uint32_t group) const {
      FENQUN_TRY(auto to, arrive(group));
      const bool is_of_member = !to;
      if (!to) {
        FENQUN_TRY(to, nearest_member(group));
      }
      if (!to) return std::optional<Move>();
      if (!is_of_member) FENQUN_CHECK(take_back(*to, group));
      FENQUN_TRY(auto out, told(*to, group));
      out.is_of_member = is_of_member;
      return std::optional<Move>(std::move(out));
    }

    Result<void> single_ways(const cluster::RowExplanation& told_row, std::vector<Move>& out) const {
      if (model.scaling_.row_norm != cluster::RowNorm::None) return {};
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (!told_row.by_feature[c]) continue;
        auto to = scaled;
        to[c] += told_row.by_feature[c]->change * (1 + 1e-6);
        if (to[c] < low[c] || to[c] > high[c]) continue;  // nobody has such a value
        FENQUN_TRY(auto numbers, on_grid(to));
        const auto group = told_row.by_feature[c]->into;
        FENQUN_TRY(const bool there, leads_to(numbers, group));
        if (!there || numbers[c] == row[c]) continue;
        FENQUN_TRY(auto move, told(numbers, group));
        out.push_back(std::move(move));
      }
      std::ranges::stable_sort(out, {}, &Move::distance);
      return {};
    }
  };

  ExplainContext context_;
  cluster::FittedScaling scaling_;
  Matrix<float> centres_;
  std::vector<std::vector<Row>> members_;
  std::optional<BoundedGroups> bounded_;
};

}  // namespace

Result<std::unique_ptr<MethodExplainer>> make_tiers_explainer(const ExplainContext& context) {
  const auto& groups = context.run.groups;
  const std::size_t d = context.scheme.features.size();
  Matrix<float> centres(groups.size(), d);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].scaled_centre.size() != d || context.run.scaling.size() != d) {
      return fail(ErrorCode::BadData, "segment.explain_old_run",
                  {{"run", context.run.run_id}, {"scheme", context.run.scheme}, {"month", context.run.as_of.text()}});
    }
    for (std::size_t c = 0; c < d; ++c) centres(g, c) = static_cast<float>(groups[g].scaled_centre[c]);
  }
  auto out = std::make_unique<TiersExplainer>(context, fitted_scaling(context.scheme, context.run), std::move(centres));
  if (context.run.balance) FENQUN_CHECK(out->bound(*context.run.balance));
  return out;
}

}  // namespace fenqun::segment
