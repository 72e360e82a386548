// segment/explain_strata.cpp - strata: which one a customer is in, and the method's explanation within it.
#include "segment/method_explainer.hpp"
#include "segment/methods.hpp"

#include <algorithm>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

// The method sees a stratum as a run of its own.
struct Part {
  std::string code;
  BilingualText title;
  Scheme scheme;
  RunResult run;
  Population population;
  std::unique_ptr<MethodExplainer> method;  // null: its customers were too few to group
};

class StrataExplainer final : public MethodExplainer {
 public:
  static Result<std::unique_ptr<MethodExplainer>> create(const ExplainContext& context) {
    auto out = std::make_unique<StrataExplainer>(context);
    const auto& strata = *context.scheme.strata;
    const auto& population = context.population.classifiable;
    if (strata.by) {
      FENQUN_TRY(out->by_, aggregates_of(context.workspace, *strata.by, population));
    }
    for (const auto& stratum : strata.list) {
      FENQUN_TRY(auto aggregates, aggregates_of(context.workspace, stratum.when, population));
      out->list_.push_back(std::move(aggregates));
    }
    for (const auto& stratum : context.run.strata) FENQUN_CHECK(out->add_part(stratum));
    return out;
  }

  explicit StrataExplainer(const ExplainContext& context) : context_(context) {}

  Result<Placement> place(const CustomerValues& values) override {
    const auto* part = part_of(values);
    if (part == nullptr) return Placement{"", kNoStratum};
    if (!part->method) return Placement{"", kTooFew};
    return part->method->place(values);
  }

  Result<void> explain(const CustomerValues& values, const Place& everything, Explanation& out) override {
    const auto* part = part_of(values);
    if (part == nullptr) return {};
    out.stratum = part->title;
    return part->method ? part->method->explain(values, everything, out) : Result<void>();
  }

  Result<std::vector<std::string>> assign_all(const std::string& table) override {
    auto& connection = context_.workspace.connection();
    const auto piece = sql_name(context_.scratch_catalogue) + ".changed_stratum";
    const auto stratum = stratum_sql(*context_.scheme.strata, context_.population.classifiable);
    std::map<std::string, std::string> groups;
    for (const auto& part : parts_) {
      if (!part->method) continue;
      FENQUN_CHECK(connection.execute("CREATE TABLE " + piece + " AS SELECT * FROM " + table + " WHERE " + stratum +
                                      " = " + sql_text(part->code) + " ORDER BY customer_id"));
      FENQUN_TRY(const auto ids, connection.query("SELECT customer_id FROM " + piece + " ORDER BY customer_id"));
      FENQUN_TRY(const auto found, part->method->assign_all(piece));
      for (std::size_t r = 0; r < ids.rows.size(); ++r) groups.emplace(ids.text(r, 0), found[r]);
      FENQUN_CHECK(connection.execute("DROP TABLE " + piece));
    }
    FENQUN_TRY(const auto all, connection.query("SELECT customer_id FROM " + table + " ORDER BY customer_id"));
    std::vector<std::string> out;
    out.reserve(all.rows.size());
    for (std::size_t r = 0; r < all.rows.size(); ++r) out.push_back(groups[all.text(r, 0)]);
    return out;
  }

 private:
  Result<void> add_part(const StratumResult& stratum) {
    auto part = std::make_unique<Part>();
    part->code = stratum.code;
    part->title = stratum.title;
    part->scheme = context_.scheme;
    part->scheme.strata.reset();
    if (context_.scheme.strata->groups == StratumGroups::Own) {
      for (auto& group : part->scheme.groups) group.code.insert(0, stratum.code + ".");
    }
    part->run = context_.run;
    part->run.strata.clear();
    part->run.groups = stratum.groups;
    part->run.scaling = stratum.scaling;
    part->population.customers = part->population.ready = stratum.customers;
    part->population.classifiable =
        sql_name(context_.scratch_catalogue) + ".stratum_" + std::to_string(parts_.size() + 1);
    const auto& whole = context_.population.classifiable;
    FENQUN_CHECK(context_.workspace.connection().execute(
        "CREATE TABLE " + part->population.classifiable + " AS SELECT * FROM " + whole + " WHERE " +
        stratum_sql(*context_.scheme.strata, whole) + " = " + sql_text(stratum.code) + " ORDER BY customer_id"));
    const bool has_members =
        std::ranges::any_of(stratum.groups, [](const GroupResult& group) { return group.customers > 0; });
    if (has_members) {
      FENQUN_TRY(part->method,
                 make_method_explainer({context_.workspace, context_.features, part->scheme, part->run,
                                        context_.scratch_catalogue, part->population, context_.grids, context_.pool}));
    }
    parts_.push_back(std::move(part));
    return {};
  }

  /// As stratum_sql() says it.
  [[nodiscard]] std::string code_of(const CustomerValues& values) const {
    const auto& strata = *context_.scheme.strata;
    if (strata.by) {
      const auto value = strata.by->evaluate(value_of(values), by_);
      if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
      const auto* text = std::get_if<std::string>(&value);
      return text == nullptr ? std::string() : *text;
    }
    for (std::size_t i = 0; i < strata.list.size(); ++i) {
      if (holds(strata.list[i].when.evaluate(value_of(values), list_[i]))) return strata.list[i].code;
    }
    return {};
  }

  [[nodiscard]] const Part* part_of(const CustomerValues& values) const {
    const auto code = code_of(values);
    const auto at = std::ranges::find_if(parts_, [&](const auto& part) { return part->code == code; });
    return at == parts_.end() ? nullptr : at->get();
  }

  ExplainContext context_;
  std::vector<FeatureValue> by_;  // aggregates
  std::vector<std::vector<FeatureValue>> list_;
  std::vector<std::unique_ptr<Part>> parts_;  // explainers refer to them
};

}  // namespace

Result<std::unique_ptr<MethodExplainer>> make_strata_explainer(const ExplainContext& context) {
  return StrataExplainer::create(context);
}

}  // namespace fenqun::segment
