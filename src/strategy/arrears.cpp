// strategy/arrears.cpp
#include "strategy/arrears.hpp"

#include "base/near_names.hpp"
#include "strategy/debts.hpp"
#include "strategy/seen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace fenqun::strategy {
namespace {

using warehouse::sql_text;
using warehouse::Workspace;

constexpr std::string_view kDunning = "dunning";

std::string day_of(Month month, int day) { return fmt::format("{}-{:02}", month.text(), day); }

// The day so many days after one of a month.
std::string days_after(Month month, int day, int days) {
  const int at = day + days;
  return at <= month.days() ? day_of(month, at) : day_of(month.plus(1), at - month.days());
}

Result<std::size_t> place_of(const ArrearsRules& rules, const std::string& cause) {
  std::vector<std::string> known;
  for (const auto& one : rules.causes) known.push_back(one.code);
  const auto at = std::find(known.begin(), known.end(), cause);
  if (at != known.end()) return static_cast<std::size_t>(at - known.begin());
  return fail(ErrorCode::NotFound, "strategy.no_cause", {{"cause", cause}, {"near", near_names(cause, known)}});
}

// Every debtor in sight with weight, cause and rank, in the table `ranked` of a scratch.
class Ranking {
 public:
  Ranking(Workspace& workspace, const Library& library, const ArrearsFilter& filter, std::string scratch)
      : workspace_(workspace),
        library_(library),
        rules_(library.arrears),
        filter_(filter),
        scratch_(std::move(scratch)) {}

  Result<void> make() {
    FENQUN_TRY(const auto month, Month::parse(filter_.today.substr(0, 7)));
    std::vector<const segment::Expression*> conditions;
    for (const auto& one : rules_.weights) conditions.push_back(&one.when);
    for (const auto& one : rules_.causes) conditions.push_back(&one.when);
    std::string where = "arrears_cny > 0";
    if (!filter_.customers_sql.empty()) where += " AND (" + filter_.customers_sql + ")";
    FENQUN_TRY(const auto seen, look_at_customers(workspace_, table("seen"), month, conditions,
                                                  {"arrears_cny", "oldest_arrears_days", "unpaid_bills"}, where));
    out_.features_of = seen.features_of;
    std::string weight = "CASE";
    std::string weighed_by = "CASE";
    for (std::size_t n = 0; n < rules_.weights.size(); ++n) {
      const auto when = rules_.weights[n].when.sql(table("seen"));
      weight += fmt::format(" WHEN {} THEN {}", when, rules_.weights[n].weight);
      weighed_by += fmt::format(" WHEN {} THEN {}", when, n);
    }
    std::string cause = "CASE";
    for (std::size_t n = 0; n < rules_.causes.size(); ++n) {
      cause += fmt::format(" WHEN {} THEN {}", rules_.causes[n].when.sql(table("seen")), n);
    }
    const auto ended = [](const std::string& cases, const std::string& otherwise) {
      return cases == "CASE" ? otherwise : cases + " ELSE " + otherwise + " END";
    };
    return workspace_.connection().execute(fmt::format(
        "CREATE TABLE {0} AS SELECT *, row_number() OVER (ORDER BY at_risk DESC, arrears DESC, customer_id) AS rank, "
        "coalesce(sum(at_risk) OVER (ORDER BY at_risk DESC, arrears DESC, customer_id ROWS BETWEEN UNBOUNDED PRECEDING "
        "AND 1 PRECEDING), 0) < {1} * sum(at_risk) OVER (PARTITION BY 1) AS is_first FROM (SELECT customer_id, "
        "CAST(arrears_cny AS DOUBLE) AS arrears, CAST({2} AS DOUBLE) AS weight, CAST(arrears_cny AS DOUBLE) * {2} AS "
        "at_risk, CAST({3} AS BIGINT) AS weighed_by, CAST({4} AS BIGINT) AS cause, "
        "CAST(coalesce(oldest_arrears_days, 0) AS BIGINT) AS oldest_days, CAST(coalesce(unpaid_bills, 0) AS BIGINT) AS "
        "unpaid_bills FROM {5})",
        table("ranked"), rules_.cover_share, ended(weight, "0"),
        ended(weighed_by, std::to_string(rules_.weights.size())), ended(cause, std::to_string(rules_.causes.size())),
        table("seen")));
  }

  Result<void> sum_up() {
    FENQUN_TRY(const auto found,
               workspace_.connection().query("SELECT cause, count(*), sum(arrears), sum(at_risk), count(CASE WHEN "
                                             "is_first THEN 1 END), coalesce(sum(CASE WHEN is_first THEN at_risk END), "
                                             "0) FROM " +
                                             table("ranked") + " GROUP BY cause ORDER BY 3 DESC, 1"));
    for (std::size_t r = 0; r < found.rows.size(); ++r) {
      out_.causes.push_back({static_cast<std::size_t>(found.integer(r, 0)), found.integer(r, 1), found.number(r, 2),
                             found.integer(r, 4)});
      out_.debtors += found.integer(r, 1);
      out_.arrears_cny += found.number(r, 2);
      out_.at_risk_cny += found.number(r, 3);
      out_.first += found.integer(r, 4);
      out_.first_at_risk_cny += found.number(r, 5);
    }
    const auto* const dunning = library_.find_type(kDunning);
    const std::int64_t minutes = dunning == nullptr ? 0 : dunning->effort_minutes;
    out_.everybody_minutes = out_.debtors * minutes;
    out_.first_minutes = out_.first * minutes;
    return {};
  }

  Result<void> list() {
    std::string where = " WHERE TRUE";
    if (!filter_.cause.empty()) {
      FENQUN_TRY(const auto cause, place_of(rules_, filter_.cause));
      where += " AND cause = " + std::to_string(cause);
    }
    if (filter_.first_only) where += " AND is_first";
    FENQUN_TRY(out_.found, workspace_.connection().query_integer("SELECT count(*) FROM " + table("ranked") + where));
    FENQUN_TRY(
        const auto found,
        workspace_.connection().query(fmt::format(
            "SELECT k.rank, k.customer_id, arrears, at_risk, weight, weighed_by, cause, oldest_days, unpaid_bills, "
            "is_first, coalesce(o.order_id, ''), coalesce(o.state, '') FROM (SELECT * FROM {} {}) k LEFT JOIN (SELECT "
            "customer_id, arg_max(order_id, begins_on) AS order_id, arg_max(state, begins_on) AS state FROM work_order "
            "WHERE order_type = {} AND state IN ('open', 'accepted') GROUP BY customer_id) o ON o.customer_id = "
            "k.customer_id ORDER BY k.rank",
            table("ranked"),
            where + " ORDER BY rank" +
                (filter_.limit > 0 ? fmt::format(" LIMIT {} OFFSET {}", filter_.limit, filter_.offset) : std::string()),
            sql_text(kDunning))));
    std::vector<std::string> ids;
    for (std::size_t r = 0; r < found.rows.size(); ++r) {
      std::size_t c = 0;
      ArrearsCustomer one;
      one.rank = found.integer(r, c++);
      one.customer_id = found.text(r, c++);
      one.arrears_cny = found.number(r, c++);
      one.at_risk_cny = found.number(r, c++);
      one.weight = found.number(r, c++);
      one.weighed_by = static_cast<std::size_t>(found.integer(r, c++));
      one.cause = static_cast<std::size_t>(found.integer(r, c++));
      one.oldest_days = found.integer(r, c++);
      one.unpaid_bills = found.integer(r, c++);
      one.is_first = found.boolean(r, c++);
      one.order_id = found.text(r, c++);
      one.order_state = found.text(r, c++);
      ids.push_back(one.customer_id);
      out_.customers.push_back(std::move(one));
    }
    return find_debts(ids);
  }

  [[nodiscard]] ArrearsList take() { return std::move(out_); }

 private:
  [[nodiscard]] std::string table(const char* name) const { return scratch_ + "." + name; }

  Result<void> find_debts(const std::vector<std::string>& ids) {
    FENQUN_TRY(const auto debts, overdue_debts(workspace_, ids, filter_.today));
    std::map<std::string, std::string> owed;
    for (const auto& one : debts) owed[one.customer_id] = one.owed_cny;
    for (auto& one : out_.customers) {
      const auto at = owed.find(one.customer_id);
      if (at != owed.end()) one.owed_now_cny = at->second;
    }
    return {};
  }

  Workspace& workspace_;
  const Library& library_;
  const ArrearsRules& rules_;
  const ArrearsFilter& filter_;
  std::string scratch_;
  ArrearsList out_;
};

Result<void> need_day(const std::string& day) {
  const auto month = day.size() == 10 ? Month::parse(day.substr(0, 7)) : Month::parse("");
  const int number = day.size() == 10 && day[7] == '-' ? std::atoi(day.substr(8).c_str()) : 0;
  if (month && number >= 1 && number <= month->days()) return {};
  return fail(ErrorCode::InvalidArgument, "strategy.no_day", {{"value", day}});
}

}  // namespace

std::string_view name_of(ArrearsPhase phase) noexcept {
  switch (phase) {
    case ArrearsPhase::Reading:
      return "reading";
    case ArrearsPhase::Checking:
      return "checking";
    case ArrearsPhase::Dunning:
      return "dunning";
    case ArrearsPhase::Waiting:
      break;
  }
  return "waiting";
}

Result<ArrearsDay> arrears_day(const ArrearsRules& rules, const std::string& today) {
  FENQUN_CHECK(need_day(today));
  FENQUN_TRY(const auto month, Month::parse(today.substr(0, 7)));
  const int day = std::atoi(today.substr(8).c_str());
  ArrearsDay out;
  out.dunning_days = rules.dunning_days;
  out.reading_from = day_of(month, rules.reading_from);
  out.reading_to = day_of(month, rules.reading_to);
  out.bill_on = day_of(month, rules.bill_day);
  out.dunning_to = days_after(month, rules.bill_day, rules.dunning_days - 1);
  const auto before = month.plus(-1);
  const auto still = days_after(before, rules.bill_day, rules.dunning_days - 1);
  if (day >= rules.bill_day && today <= out.dunning_to) {
    out.phase = ArrearsPhase::Dunning;
    out.dunning_day = day - rules.bill_day + 1;
  } else if (today <= still) {
    out.phase = ArrearsPhase::Dunning;
    out.dunning_day = before.days() - rules.bill_day + 1 + day;
  } else if (day >= rules.reading_from && day <= rules.reading_to) {
    out.phase = ArrearsPhase::Reading;
  } else if (day > rules.reading_to && day < rules.bill_day) {
    out.phase = ArrearsPhase::Checking;
  }
  return out;
}

Result<ArrearsList> list_arrears(Workspace& workspace, const Library& library, const ArrearsFilter& filter) {
  FENQUN_CHECK(need_day(filter.today));
  if (!filter.cause.empty()) FENQUN_CHECK(place_of(library.arrears, filter.cause));
  FENQUN_TRY(auto scratch, workspace.scratch("arrears", Workspace::ScratchPlace::InMemory));
  Ranking ranking(workspace, library, filter, warehouse::sql_name(scratch.catalogue()));
  FENQUN_CHECK(ranking.make());
  FENQUN_CHECK(ranking.sum_up());
  FENQUN_CHECK(ranking.list());
  return ranking.take();
}

}  // namespace fenqun::strategy
