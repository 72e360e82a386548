// segment/explain_check.cpp - stated changes applied to the features, and the scheme run on them again.
#include "base/random.hpp"
#include "segment/explain_state.hpp"

#include <algorithm>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

struct Claim {
  std::string customer;
  std::string into;
};

void append_value(warehouse::Appender& appender, std::size_t column, const FeatureValue& value) {
  if (const auto* number = std::get_if<double>(&value))
    appender.set_number(column, *number);
  else if (const auto* text = std::get_if<std::string>(&value))
    appender.set_text(column, *text);
  else if (const auto* flag = std::get_if<bool>(&value))
    appender.set_boolean(column, *flag);
  else
    appender.set_null(column);
}

// Columns of changed customers: features, and what the method reads elsewhere. Parameters and groups in other schemes
// are worked out from them.
std::vector<warehouse::ColumnSpec> columns_for(const features::FeatureCatalogue& catalogue,
                                               const std::set<std::string>& names,
                                               const std::vector<std::string>& own) {
  using warehouse::ColumnType;
  std::vector<warehouse::ColumnSpec> out = {{"customer_id", ColumnType::Text}};
  for (const auto& name : names) {
    const auto* feature = catalogue.find(name);
    if (feature == nullptr) continue;
    const auto type = feature->type == features::FeatureType::Number ? ColumnType::Number
                      : feature->type == features::FeatureType::Flag ? ColumnType::Boolean
                                                                     : ColumnType::Text;
    out.push_back({name, type});
  }
  for (const auto& name : own) out.push_back({name, ColumnType::Number});
  return out;
}

// Explains the customers, notes what is stated, and appends them as they would be then.
class Claims {
 public:
  Claims(Explainer::State& state, ExplainCheck& out, std::vector<warehouse::ColumnSpec> columns,
         warehouse::Appender appender)
      : s_(state), out_(out), columns_(std::move(columns)), appender_(std::move(appender)) {}

  Result<void> add(const std::string& customer, CustomerValues& values, const Placement& stored) {
    FENQUN_TRY(const auto told, s_.explain(customer, values));
    if (told.own != stored) out_.failed.push_back(customer);
    if (told.own.group.empty()) {
      ++out_.no_group;
      return {};
    }
    if (!told.move) {
      ++out_.no_move;
      return {};
    }
    if (told.move->is_of_member) ++out_.of_member;
    for (const auto& change : told.move->changes) values[change.feature] = change.to;
    appender_.set_text(0, customer);
    for (std::size_t c = 1; c < columns_.size(); ++c) append_value(appender_, c, values[columns_[c].name]);
    list_.push_back({customer, told.move->into});
    return appender_.end_row();
  }

  Result<std::vector<Claim>> close() {
    FENQUN_CHECK(appender_.close());
    return std::move(list_);
  }

 private:
  Explainer::State& s_;
  ExplainCheck& out_;
  std::vector<warehouse::ColumnSpec> columns_;
  warehouse::Appender appender_;
  std::vector<Claim> list_;
};

// Population, exclusions and missing features by the run's SQL, then the method.
Result<std::map<std::string, std::string>> assign_anew(Explainer::State& s) {
  auto& connection = s.workspace.connection();
  const auto scratch = sql_name(s.scratch.catalogue());
  const auto seen = scratch + ".changed_seen";
  const auto ready = scratch + ".changed_ready";
  FENQUN_CHECK(connection.execute("CREATE TABLE " + seen + " AS " +
                                  looked_at_sql(s.scheme, source_over(s.scheme, scratch + ".changed", s.run.uses),
                                                s.source(), s.method->own_columns()) +
                                  " ORDER BY customer_id"));
  FENQUN_CHECK(connection.execute("CREATE TABLE " + ready + " AS SELECT * EXCLUDE (reason) FROM (" +
                                  with_reasons_sql(s.scheme, seen, scratch + ".looked_at") +
                                  ") WHERE reason IS NULL ORDER BY customer_id"));
  FENQUN_TRY(const auto ids, connection.query("SELECT customer_id FROM " + ready + " ORDER BY customer_id"));
  FENQUN_TRY(const auto groups, s.method->assign_all(ready));
  std::map<std::string, std::string> out;
  for (std::size_t r = 0; r < ids.rows.size() && r < groups.size(); ++r) out.emplace(ids.text(r, 0), groups[r]);
  for (const auto* table : {".changed", ".changed_seen", ".changed_ready"})
    FENQUN_CHECK(connection.execute("DROP TABLE " + scratch + table));
  return out;
}

}  // namespace

Result<ExplainCheck> Explainer::check(std::int64_t customers, std::uint64_t seed) {
  auto& s = *state_;
  ExplainCheck out;
  out.scheme = s.run.scheme;
  out.run_id = s.run.run_id;
  if (!s.method) return out;
  auto& connection = s.workspace.connection();
  FENQUN_TRY(const auto drawn,
             connection.query("SELECT customer_id, coalesce(group_code, ''), CASE WHEN group_code IS NULL THEN reason "
                              "ELSE '' END FROM (SELECT * FROM assignment WHERE run_id = " +
                              sql_text(s.run.run_id) + " ORDER BY md5(customer_id || " +
                              sql_text(std::to_string(mix64(seed))) + ") LIMIT " + std::to_string(customers) +
                              ") ORDER BY customer_id"));
  out.customers = static_cast<std::int64_t>(drawn.rows.size());
  auto columns = columns_for(s.catalogue, s.names, s.method->own_columns());
  FENQUN_TRY(auto appender,
             connection.appender(s.scratch.catalogue(), "changed", columns, warehouse::Connection::Table::Create));
  Claims claims(s, out, std::move(columns), std::move(appender));
  constexpr std::size_t kPiece = 2'000;
  for (std::size_t begin = 0; begin < drawn.rows.size(); begin += kPiece) {
    std::string ids;
    std::map<std::string, Placement> stored;
    for (std::size_t r = begin; r < std::min(begin + kPiece, drawn.rows.size()); ++r) {
      ids += (r > begin ? ", " : "") + sql_text(drawn.text(r, 0));
      stored[drawn.text(r, 0)] = {drawn.text(r, 1), drawn.text(r, 2)};
    }
    FENQUN_TRY(auto rows, s.read(ids));
    for (auto& [customer, values] : rows) {
      if (s.workspace.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
      FENQUN_CHECK(claims.add(customer, values, stored[customer]));
    }
  }
  FENQUN_TRY(const auto stated, claims.close());
  FENQUN_TRY(const auto groups, assign_anew(s));
  for (const auto& claim : stated) {
    const auto found = groups.find(claim.customer);
    if (found != groups.end() && found->second == claim.into)
      ++out.moved;
    else
      out.failed.push_back(claim.customer);
  }
  return out;
}

}  // namespace fenqun::segment
