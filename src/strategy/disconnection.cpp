// strategy/disconnection.cpp
#include "strategy/disconnection.hpp"

#include "base/bilingual.hpp"
#include "base/number.hpp"
#include "base/settings.hpp"
#include "strategy/new_order.hpp"
#include "strategy/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fenqun::strategy {
namespace {

using segment::Expression;
using warehouse::sql_text;
using warehouse::Workspace;

constexpr const char* kLawFile = "config/law/disconnection.yaml";
constexpr std::string_view kType = "disconnection";
constexpr int kMostDays = 3650;
constexpr std::size_t kMinuteLength = 16;  // "2026-07-14 09:30"

constexpr std::array<Word<LegalStep>, 8> kSteps = {{{"allowed", LegalStep::Allowed},
                                                    {"current", LegalStep::Current},
                                                    {"overdue", LegalStep::Overdue},
                                                    {"dunned", LegalStep::Dunned},
                                                    {"approved", LegalStep::Approved},
                                                    {"reported", LegalStep::Reported},
                                                    {"notice", LegalStep::Notice},
                                                    {"last_notice", LegalStep::LastNotice}}};
constexpr std::array<LegalStep, 5> kRecorded = {LegalStep::Dunned, LegalStep::Approved, LegalStep::Reported,
                                                LegalStep::Notice, LegalStep::LastNotice};

Result<Expression> condition(const Settings& node, std::string_view key, const segment::NameLookup& names) {
  FENQUN_TRY(const auto text, node.text(key));
  auto parsed = Expression::parse(text, names);
  if (!parsed) {
    return fail(std::move(parsed).error().with_context(
        "strategy.in_file", {{"file", node.origin()}, {"line", std::to_string(node.line())}}));
  }
  if (parsed->type() != segment::ValueType::Flag)
    return node.refuse("strategy.not_a_condition", {{"expression", text}});
  return parsed;
}

Result<int> whole(const Settings& node, std::string_view key, int least) {
  FENQUN_TRY(const auto value, node.integer(key));
  if (value >= least && value <= kMostDays) return static_cast<int>(value);
  return node.refuse("base.setting_wrong", {{"key", std::string(key)},
                                            {"value", std::to_string(value)},
                                            {"expected", fmt::format("{}..{}", least, kMostDays)}});
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

bool is_minute(const std::string& text) {
  constexpr int kHours = 24;
  constexpr int kMinutes = 60;
  if (text.size() != kMinuteLength || text[4] != '-' || text[7] != '-' || text[10] != ' ' || text[13] != ':')
    return false;
  const auto month = Month::parse(text.substr(0, 7));
  const auto day = parse_number(text.substr(8, 2));
  const auto hour = parse_number(text.substr(11, 2));
  const auto minute = parse_number(text.substr(14, 2));
  return month && day && hour && minute && *day >= 1 && *day <= month->days() && *hour >= 0 && *hour < kHours &&
         *minute >= 0 && *minute < kMinutes;
}

Result<void> need_minute(const std::string& text) {
  if (is_minute(text)) return {};
  return fail(ErrorCode::InvalidArgument, "strategy.no_time", {{"value", text}});
}

std::string at_sql(const std::string& minute) { return "TIMESTAMP " + sql_text(minute + ":00"); }

// What is asked once of a customer and a time.
class ClockReader {
 public:
  ClockReader(Workspace& workspace, const DisconnectionLaw& law, const std::string& customer, const std::string& now,
              const std::string& cut_at)
      : workspace_(workspace), law_(law), now_(now), cut_at_(cut_at.empty() ? now : cut_at) {
    clock_.customer_id = customer;
  }

  Result<DisconnectionClock> read() {
    FENQUN_CHECK(need_minute(now_));
    FENQUN_CHECK(need_minute(cut_at_));
    FENQUN_CHECK(find_debt());
    FENQUN_CHECK(ask_conditions());
    FENQUN_CHECK(check_allowed());
    FENQUN_CHECK(check_current());
    check_overdue();
    FENQUN_CHECK(check_dunned());
    FENQUN_CHECK(check_recorded(LegalStep::Approved, true));
    FENQUN_CHECK(check_recorded(LegalStep::Reported, must_report_));
    FENQUN_CHECK(check_notice());
    FENQUN_CHECK(check_last_notice());
    FENQUN_TRY(const auto ordered,
               workspace_.connection().query("SELECT order_id FROM work_order WHERE order_key = " +
                                             key_sql(matter_key(clock_.customer_id, clock_.oldest_due_on))));
    if (!ordered.rows.empty()) clock_.order_id = ordered.text(0, 0);
    return std::move(clock_);
  }

  static std::string matter_key(const std::string& customer, const std::string& oldest_due_on) {
    return "disconnection|" + customer + "|" + oldest_due_on;
  }

 private:
  [[nodiscard]] std::string customer() const { return sql_text(clock_.customer_id); }
  [[nodiscard]] TextArg who() const { return {"customer", clock_.customer_id}; }

  StepState& add(LegalStep step, bool needed) {
    auto& out = clock_.steps.emplace_back();
    out.step = step;
    out.needed = needed;
    return out;
  }
  static void lack(StepState& state, std::string key, TextArgs args) {
    if (state.needed) state.missing = fail(ErrorCode::Denied, std::move(key), std::move(args)).value();
  }

  // Bills past their due date less what was paid of each; by day, because bills and payments carry no hours.
  Result<void> find_debt() {
    auto& connection = workspace_.connection();
    FENQUN_TRY(const auto there,
               connection.query_integer("SELECT count(*) FROM m_customer WHERE customer_id = " + customer()));
    if (there == 0) return fail(ErrorCode::NotFound, "strategy.no_customer", {who()});
    const auto today = "DATE " + sql_text(now_.substr(0, 10));
    const auto received = "SELECT bill_id, amount_cny FROM payment WHERE customer_id = " + customer() +
                          " AND paid_on <= " + today + " AND coalesce(status, 'received') IN ('received', 'partial')";
    FENQUN_TRY(const auto unassigned,
               connection.query_integer("SELECT count(*) FROM (" + received + ") WHERE bill_id IS NULL"));
    if (unassigned > 0) {
      return fail(ErrorCode::Denied, "strategy.payments_unassigned", {who(), {"payments", std::to_string(unassigned)}});
    }
    FENQUN_TRY(
        const auto debt,
        connection.query(fmt::format(
            "SELECT CAST(coalesce(sum(owed), 0) AS VARCHAR), count(*), coalesce(CAST(min(due_on) AS VARCHAR), ''), "
            "CAST(coalesce({0} - min(due_on), 0) AS BIGINT) FROM (SELECT b.due_on, b.amount_cny - coalesce(p.paid, 0) "
            "AS owed FROM (SELECT bill_id, due_on, amount_cny FROM bill WHERE customer_id = {1} AND coalesce(status, "
            "'issued') <> 'cancelled' AND coalesce(kind, 'regular') <> 'refund' AND due_on < {0}) b LEFT JOIN (SELECT "
            "bill_id, sum(amount_cny) AS paid FROM ({2}) GROUP BY bill_id) p ON p.bill_id = b.bill_id) WHERE owed > 0",
            today, customer(), received)));
    clock_.owed_cny = debt.text(0, 0);
    clock_.unpaid_bills = debt.integer(0, 1);
    clock_.oldest_due_on = debt.text(0, 2);
    clock_.days_overdue = debt.integer(0, 3);
    if (clock_.unpaid_bills == 0)
      return fail(ErrorCode::Denied, "strategy.nothing_owed", {who(), {"day", now_.substr(0, 10)}});
    return {};
  }

  // All conditions of the law in one statement over the customer's latest month.
  Result<void> ask_conditions() {
    std::string columns = law_.report_when ? law_.report_when->sql("asked") : "FALSE";
    columns += ", " + (law_.never_when ? law_.never_when->sql("asked") : "FALSE");
    int strictest = 0;
    for (const auto& [when, days] : law_.notice_days) {
      columns += ", " + when.sql("asked");
      strictest = std::max(strictest, days);
    }
    notice_days_ = strictest;
    FENQUN_TRY(const auto found,
               workspace_.connection().query("WITH asked AS (SELECT * FROM wide WHERE customer_id = " + customer() +
                                             " ORDER BY as_of DESC LIMIT 1) SELECT " + columns + " FROM asked"));
    if (found.rows.empty()) return {};
    const auto holds = [&found](std::size_t c) { return !found.is_null(0, c) && found.boolean(0, c); };
    must_report_ = holds(0);
    never_ = holds(1);
    for (std::size_t n = 0; n < law_.notice_days.size(); ++n) {
      if (!holds(n + 2)) continue;
      notice_days_ = law_.notice_days[n].second;
      break;
    }
    return {};
  }

  Result<void> check_allowed() {
    auto& state = add(LegalStep::Allowed, true);
    state.done = !never_;
    if (never_) lack(state, "strategy.never_cut_off", {who(), {"condition", law_.never_when->text()}});
    return {};
  }

  // What was paid since the last payments were loaded is not known here.
  Result<void> check_current() {
    FENQUN_TRY(const auto last, workspace_.connection().query(fmt::format(
                                    "SELECT coalesce(CAST(max(paid_on) AS VARCHAR), ''), CAST(coalesce(DATE {0} - "
                                    "max(paid_on), {1}) AS BIGINT) FROM payment WHERE paid_on <= DATE {0}",
                                    sql_text(now_.substr(0, 10)), kMostDays + 1)));
    auto& state = add(LegalStep::Current, true);
    state.done_at = last.text(0, 0);
    state.done = last.integer(0, 1) <= law_.payments_known_days;
    if (state.done) return {};
    lack(state, "strategy.payments_not_current",
         {{"last", state.done_at.empty() ? "—" : state.done_at}, {"days", std::to_string(law_.payments_known_days)}});
    return {};
  }

  void check_overdue() {
    auto& state = add(LegalStep::Overdue, true);
    state.done = clock_.days_overdue > law_.least_days_overdue;
    state.done_at = clock_.oldest_due_on;
    if (state.done) return;
    lack(state, "strategy.not_overdue_enough",
         {who(), {"days", std::to_string(clock_.days_overdue)}, {"least", std::to_string(law_.least_days_overdue)}});
  }

  // The step as it was recorded last for this matter; at, by, channel.
  Result<std::optional<std::array<std::string, 3>>> recorded(LegalStep step) {
    FENQUN_TRY(
        const auto found,
        workspace_.connection().query(fmt::format(
            "SELECT strftime(done_at, '%Y-%m-%d %H:%M'), done_by, coalesce(channel, '') FROM disconnection_step WHERE "
            "customer_id = {} AND oldest_due_on = DATE {} AND step = {} AND done_at <= {} ORDER BY done_at DESC, "
            "recorded_at DESC LIMIT 1",
            customer(), sql_text(clock_.oldest_due_on), sql_text(name_of(step)), at_sql(now_))));
    if (found.rows.empty()) return std::optional<std::array<std::string, 3>>();
    return std::optional(std::array<std::string, 3>{found.text(0, 0), found.text(0, 1), found.text(0, 2)});
  }

  // Of what was loaded: dunning that reached the customer; and what was recorded here.
  Result<void> check_dunned() {
    FENQUN_TRY(
        const auto loaded,
        workspace_.connection().query_integer(fmt::format(
            "SELECT count(*) FROM dunning_event WHERE customer_id = {} AND coalesce(kind, 'dunning') = 'dunning' AND "
            "sent_at > DATE {} AND sent_at <= {} AND coalesce(outcome, 'delivered') NOT IN ('no_answer', "
            "'wrong_contact', 'failed')",
            customer(), sql_text(clock_.oldest_due_on), at_sql(now_))));
    FENQUN_TRY(const auto here,
               workspace_.connection().query_integer(fmt::format(
                   "SELECT count(*) FROM disconnection_step WHERE customer_id = {} AND oldest_due_on = DATE "
                   "{} AND step = 'dunned' AND done_at <= {}",
                   customer(), sql_text(clock_.oldest_due_on), at_sql(now_))));
    FENQUN_TRY(const auto last, recorded(LegalStep::Dunned));
    auto& state = add(LegalStep::Dunned, true);
    state.done = loaded + here >= law_.least_dunnings;
    if (last) {
      state.done_at = (*last)[0];
      state.done_by = (*last)[1];
    }
    if (state.done) return {};
    lack(state, "strategy.not_dunned",
         {who(),
          {"found", std::to_string(loaded + here)},
          {"least", std::to_string(law_.least_dunnings)},
          {"since", clock_.oldest_due_on}});
    return {};
  }

  Result<void> check_recorded(LegalStep step, bool needed) {
    FENQUN_TRY(const auto last, recorded(step));
    auto& state = add(step, needed);
    state.done = last.has_value();
    if (last) {
      state.done_at = (*last)[0];
      state.done_by = (*last)[1];
      return {};
    }
    lack(state, step == LegalStep::Approved ? "strategy.not_approved" : "strategy.not_reported", {who()});
    return {};
  }

  Result<void> check_notice() {
    FENQUN_TRY(const auto last, recorded(LegalStep::Notice));
    auto& state = add(LegalStep::Notice, true);
    if (!last) {
      lack(state, "strategy.no_notice", {who(), {"days", std::to_string(notice_days_)}});
      return {};
    }
    state.done_at = (*last)[0];
    state.done_by = (*last)[1];
    FENQUN_TRY(const auto between, workspace_.connection().query_integer(fmt::format(
                                       "SELECT date_diff('day', {}, {})", at_sql(state.done_at), at_sql(cut_at_))));
    state.done = between >= notice_days_;
    if (!state.done) {
      lack(state, "strategy.notice_too_late",
           {who(),
            {"served", state.done_at},
            {"between", std::to_string(between)},
            {"days", std::to_string(notice_days_)}});
    }
    return {};
  }

  Result<void> check_last_notice() {
    FENQUN_TRY(const auto last, recorded(LegalStep::LastNotice));
    auto& state = add(LegalStep::LastNotice, true);
    if (last) {
      state.done_at = (*last)[0];
      state.done_by = (*last)[1];
      FENQUN_TRY(const auto minutes,
                 workspace_.connection().query_integer(
                     fmt::format("SELECT date_diff('minute', {}, {})", at_sql(state.done_at), at_sql(cut_at_))));
      state.done = minutes >= law_.last_notice_minutes && state.done_at.substr(0, 10) == cut_at_.substr(0, 10);
    }
    if (!state.done) {
      lack(state, "strategy.no_last_notice",
           {who(), {"minutes", std::to_string(law_.last_notice_minutes)}, {"at", last ? state.done_at : "—"}});
    }
    return {};
  }

  Workspace& workspace_;
  const DisconnectionLaw& law_;
  std::string now_;
  std::string cut_at_;
  DisconnectionClock clock_;
  bool must_report_ = false;
  bool never_ = false;
  int notice_days_ = 0;
};

}  // namespace

std::string_view name_of(LegalStep step) noexcept { return word_of(std::span<const Word<LegalStep>>(kSteps), step); }

Result<LegalStep> parse_recorded_step(std::string_view text) {
  std::string known;
  for (const auto step : kRecorded) {
    if (name_of(step) == text) return step;
    known += (known.empty() ? "" : ", ") + std::string(name_of(step));
  }
  return fail(ErrorCode::InvalidArgument, "strategy.no_word",
              {{"kind", "step"}, {"value", std::string(text)}, {"known", known}});
}

Result<DisconnectionLaw> load_disconnection_law(const AssetStore& assets, const features::FeatureCatalogue& catalogue) {
  FENQUN_TRY(const auto file, assets.read(kLawFile));
  FENQUN_TRY(const auto root, Settings::parse(file.text, file.origin));
  FENQUN_CHECK(root.allow_only({"source", "payments_known_days", "least_days_overdue", "least_dunnings",
                                "written_notice", "written_channels", "last_notice_minutes", "restore_working_days",
                                "report_when", "never_when"}));
  const auto names = segment::lookup_in(catalogue);
  DisconnectionLaw out;
  out.origin = file.origin;
  FENQUN_TRY(out.source, read_bilingual(root, "source", true));
  FENQUN_TRY(out.payments_known_days, whole(root, "payments_known_days", 0));
  FENQUN_TRY(out.least_days_overdue, whole(root, "least_days_overdue", 0));
  FENQUN_TRY(out.least_dunnings, whole(root, "least_dunnings", 1));
  FENQUN_TRY(out.last_notice_minutes, whole(root, "last_notice_minutes", 0));
  FENQUN_TRY(out.restore_working_days, whole(root, "restore_working_days", 1));
  FENQUN_TRY(const auto notices, root.child("written_notice"));
  FENQUN_TRY(const auto lines, notices.items());
  for (const auto& line : lines) {
    FENQUN_CHECK(line.allow_only({"when", "least_days_before"}));
    FENQUN_TRY(auto when, condition(line, "when", names));
    FENQUN_TRY(const auto days, whole(line, "least_days_before", 1));
    out.notice_days.emplace_back(std::move(when), days);
  }
  if (out.notice_days.empty()) return notices.refuse("base.setting_missing", {{"key", "least_days_before"}});
  FENQUN_TRY(const auto channels, root.child("written_channels"));
  FENQUN_TRY(const auto listed, channels.items());
  for (const auto& one : listed) {
    FENQUN_TRY(const auto name, one.text());
    const auto words = channel_words();
    const auto word = std::find_if(words.begin(), words.end(), [&](const auto& pair) { return pair.first == name; });
    if (word == words.end()) return one.refuse("strategy.no_channel", {{"name", name}, {"near", "paper, on_site"}});
    out.written_channels.push_back(word->second);
  }
  if (root.has("report_when")) {
    FENQUN_TRY(out.report_when, condition(root, "report_when", names));
  }
  if (root.has("never_when")) {
    FENQUN_TRY(out.never_when, condition(root, "never_when", names));
  }
  return out;
}

Result<DisconnectionClock> examine_disconnection(Workspace& workspace, const DisconnectionLaw& law,
                                                 const std::string& customer_id, const std::string& now,
                                                 const std::string& cut_at) {
  return ClockReader(workspace, law, customer_id, now, cut_at).read();
}

Result<DisconnectionClock> record_step(Workspace& workspace, const DisconnectionLaw& law, const StepRequest& request) {
  if (is_blank(request.by)) return fail(ErrorCode::InvalidArgument, "strategy.by_missing");
  const auto at = request.at.empty() ? request.now : request.at;
  FENQUN_CHECK(need_minute(at));
  FENQUN_TRY(const auto clock, examine_disconnection(workspace, law, request.customer_id, request.now));
  // Times are written alike, so that their texts compare as they do.
  if (at > request.now || at.substr(0, 10) <= clock.oldest_due_on) {
    return fail(ErrorCode::InvalidArgument, "strategy.step_time",
                {{"at", at}, {"due", clock.oldest_due_on}, {"now", request.now}});
  }
  const auto& written = law.written_channels;
  const bool is_written =
      std::any_of(written.begin(), written.end(), [&](Channel channel) { return name_of(channel) == request.channel; });
  if (request.step == LegalStep::Notice && !is_written) {
    std::string known;
    for (const auto channel : written) known += (known.empty() ? "" : ", ") + std::string(name_of(channel));
    return fail(ErrorCode::InvalidArgument, "strategy.notice_not_written",
                {{"channel", request.channel.empty() ? "—" : request.channel}, {"known", known}});
  }
  FENQUN_CHECK(workspace.connection().execute(
      fmt::format("INSERT INTO disconnection_step VALUES ({}, DATE {}, {}, {}, {}, {}, {}, now()::TIMESTAMP)",
                  sql_text(request.customer_id), sql_text(clock.oldest_due_on), sql_text(name_of(request.step)),
                  at_sql(at), sql_text(request.by), request.channel.empty() ? "NULL" : sql_text(request.channel),
                  request.note.empty() ? "NULL" : sql_text(request.note))));
  return examine_disconnection(workspace, law, request.customer_id, request.now);
}

Result<WorkOrder> order_disconnection(Workspace& workspace, const Library& library, const DisconnectionLaw& law,
                                      const DisconnectionRequest& request) {
  if (is_blank(request.by)) return fail(ErrorCode::InvalidArgument, "strategy.by_missing");
  const auto held = hold_orders();
  FENQUN_TRY(const auto clock, examine_disconnection(workspace, law, request.customer_id, request.now, request.cut_at));
  if (clock.order_id) return find_order(workspace, *clock.order_id);
  if (request.cut_at < request.now) {
    return fail(ErrorCode::Denied, "strategy.cut_in_the_past", {{"at", request.cut_at}, {"now", request.now}});
  }
  for (const auto& step : clock.steps) {
    if (step.missing) return fail(*step.missing);
  }
  const auto* const type = library.find_type(kType);
  if (type == nullptr) {
    return fail(ErrorCode::NotFound, "strategy.no_disconnection_type", {{"name", std::string(kType)}});
  }
  const auto key = ClockReader::matter_key(request.customer_id, clock.oldest_due_on);
  FENQUN_CHECK(workspace.connection().execute(
      entering({key,
                type->code,
                request.customer_id,
                std::string(name_of(type->owner)),
                std::string(name_of(type->channel)),
                true,
                request.cut_at.substr(0, 10),
                0,
                type->effort_minutes,
                type->team_of,
                fmt::format("{} · {} CNY · {} · {}", request.cut_at, clock.owed_cny, clock.oldest_due_on, request.by),
                "",
                {}})));
  FENQUN_TRY(const auto made,
             workspace.connection().query("SELECT order_id FROM work_order WHERE order_key = " + key_sql(key)));
  return find_order(workspace, made.text(0, 0));
}

}  // namespace fenqun::strategy
