// cli/output_strategy.cpp
#include "cli/output_strategy.hpp"

#include "base/near_names.hpp"
#include "base/number.hpp"
#include "cli/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::cli {
namespace {

constexpr int kMinutesPerHour = 60;
constexpr std::size_t kMostEmployees = 20;

Json bilingual(const BilingualText& text) { return {{"zh", text.zh}, {"en", text.en}}; }
Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
std::string or_dash(const std::string& text) { return text.empty() ? "—" : text; }
std::string hours(std::int64_t minutes) {
  return fmt::format("{:.1f}", static_cast<double>(minutes) / kMinutesPerHour);
}

std::string percent(std::int64_t part, std::int64_t whole) {
  return fmt::format("{:.0f}%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string word(const char* kind, std::string_view code, const Texts& texts) {
  const auto key = std::string("cli.") + kind + "_" + std::string(code);
  return texts.has(key) ? texts(key) : std::string(code);
}

std::string type_title(const strategy::Library& library, const std::string& code, const Texts& texts) {
  const auto* const type = library.find_type(code);
  return type == nullptr ? code : type->title.in(texts.language());
}

std::size_t actions_of(const strategy::Book& book) {
  std::size_t out = 0;
  for (const auto& cell : book.cells) out += cell.actions.size();
  return out;
}

std::string state_word(strategy::OrderState state, const Texts& texts) {
  return word("order_state", strategy::name_of(state), texts);
}

Json order_json(const strategy::WorkOrder& order) {
  return {{"order", order.order_id},
          {"type", order.type},
          {"customer_id", order.customer_id},
          {"transformer_area_id", or_null(order.area_id)},
          {"month", order.month.text()},
          {"state", strategy::name_of(order.state)},
          {"owner", or_null(order.owner_id)},
          {"second_owner", or_null(order.second_owner_id)},
          {"owner_role", or_null(order.owner_role)},
          {"channel", order.channel},
          {"urgent", order.is_urgent},
          {"marketing", order.is_marketing},
          {"begins_on", order.begins_on},
          {"due_on", order.due_on},
          {"effort_minutes", order.effort_minutes},
          {"reasons", order.reasons},
          {"service", or_null(order.service)},
          {"changed_at", order.changed_at},
          {"reopened", order.reopened},
          {"outcome", or_null(order.outcome)},
          {"verifies", or_null(order.verifies)}};
}

Json findings(const std::vector<Error>& errors, const Texts& texts) {
  Json out = Json::array();
  for (const auto& error : errors) {
    out.push_back({{"key", error.line.key},
                   {"file", or_null(std::string(error.arg("file")))},
                   {"line", or_null(std::string(error.arg("line")))},
                   {"message", render_error(error, texts)}});
  }
  return out;
}

// The cell and action that a reason "cell.action" names; null where the library has it no longer.
std::vector<std::string> reasons_of(const strategy::WorkOrder& order) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < order.reasons.size();) {
    const auto end = std::min(order.reasons.find(", ", at), order.reasons.size());
    out.push_back(order.reasons.substr(at, end - at));
    at = end + 2;
  }
  return out;
}

}  // namespace

const strategy::Book* find_book(const strategy::Library& library, const std::string& name) {
  const auto found = std::find_if(library.books.begin(), library.books.end(),
                                  [&](const strategy::Book& one) { return one.name == name; });
  return found == library.books.end() ? nullptr : &*found;
}

tl::unexpected<Error> refuse_book(const strategy::Library& library, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& book : library.books) known.push_back(book.name);
  return fail(ErrorCode::NotFound, "cli.no_book", {{"book", name}, {"near", near_names(name, known)}});
}

std::string show_check(const strategy::CheckedLibrary& checked, const Texts& texts) {
  std::size_t cells = 0;
  std::size_t actions = 0;
  for (const auto& book : checked.library.books) {
    cells += book.cells.size();
    actions += actions_of(book);
  }
  std::string out = texts("cli.strategies_checked", {{"books", std::to_string(checked.library.books.size())},
                                                     {"cells", std::to_string(cells)},
                                                     {"actions", std::to_string(actions)},
                                                     {"types", std::to_string(checked.library.types.size())},
                                                     {"services", std::to_string(checked.library.services.size())},
                                                     {"errors", std::to_string(checked.problems.size())},
                                                     {"doubts", std::to_string(checked.doubts.size())}}) +
                    "\n";
  for (const auto& error : checked.problems) {
    out += "  " + texts("cli.check_error", {{"message", render_error(error, texts)}}) + "\n";
  }
  for (const auto& error : checked.doubts) {
    out += "  " + texts("cli.check_doubt", {{"message", render_error(error, texts)}}) + "\n";
  }
  return out;
}

std::string show_books(const strategy::Library& library, const Texts& texts) {
  TextTable table({{texts("cli.col_book")},
                   {texts("cli.col_book_title")},
                   {texts("cli.col_department")},
                   {texts("cli.col_version"), Align::Right},
                   {texts("cli.col_cells"), Align::Right},
                   {texts("cli.col_actions"), Align::Right},
                   {texts("cli.col_source")}});
  for (const auto& book : library.books) {
    table.add({book.name, book.title.in(texts.language()),
               library.rules.departments[book.department].title.in(texts.language()), std::to_string(book.version),
               std::to_string(book.cells.size()), std::to_string(actions_of(book)), book.source.in(texts.language())});
  }
  return table.text();
}

std::string show_book(const strategy::Book& book, const strategy::Library& library, const Texts& texts) {
  const auto language = texts.language();
  std::string out = "■ " + book.title.in(language) + "\n";
  for (const auto& cell : book.cells) {
    std::string numbers;
    for (const auto& number : cell.requirements) numbers += (numbers.empty() ? "" : " ") + number;
    out += "\n" + cell.name + "  " + numbers + (cell.is_authored ? "  " + texts("cli.cell_authored") : "") + "\n  " +
           cell.text.in(language) + "\n  " + texts("cli.cell_when", {{"condition", cell.when.text()}}) + "\n";
    for (const auto& action : cell.actions) {
      const auto when = action.on != strategy::Occasion::Month
                            ? word("occasion", strategy::name_of(action.on), texts)
                            : texts("cli.every_months", {{"months", std::to_string(action.every_months)}});
      out += "  · " + type_title(library, library.types[action.order].code, texts) + "  " + when + "  " +
             word("channel", strategy::name_of(action.channel), texts) + "  " +
             word("role", strategy::name_of(action.owner), texts) + "  " + action.text.in(language) + "\n";
    }
  }
  return out;
}

std::string show_plan(const app::ServicePlan& plan, const Texts& texts) {
  const auto& outcome = plan.outcome;
  std::string out = texts(outcome.plan_id > 0 ? "cli.plan_head" : "cli.plan_preview_head",
                          {{"month", outcome.month.text()},
                           {"features", outcome.features_of.text()},
                           {"customers", with_thousands(outcome.customers)},
                           {"touched", with_thousands(outcome.touched)}}) +
                    "\n" +
                    texts("cli.plan_counts", {{"wanted", with_thousands(outcome.wanted)},
                                              {"suppressed", with_thousands(outcome.suppressed)},
                                              {"joined", with_thousands(outcome.joined)},
                                              {"orders", with_thousands(outcome.orders)},
                                              {"created", with_thousands(outcome.created)}}) +
                    "\n\n";
  TextTable types({{texts("cli.col_order_type")},
                   {texts("cli.col_orders"), Align::Right},
                   {texts("cli.col_orders_new"), Align::Right},
                   {texts("cli.col_hours"), Align::Right}});
  for (const auto& type : outcome.types) {
    types.add({plan.library.types[type.type].title.in(texts.language()), with_thousands(type.orders),
               with_thousands(type.created), hours(type.minutes)});
  }
  out += types.text() + "\n";
  TextTable staff({{texts("cli.col_staff")},
                   {texts("cli.col_staff_name")},
                   {texts("cli.col_role")},
                   {texts("cli.col_orders"), Align::Right},
                   {texts("cli.col_hours"), Align::Right},
                   {texts("cli.col_load"), Align::Right}});
  const int month_minutes = plan.library.rules.month_hours * kMinutesPerHour;
  std::int64_t rest = 0;
  for (std::size_t e = 0; e < outcome.employees.size(); ++e) {
    const auto& employee = outcome.employees[e];
    if (e >= kMostEmployees && !employee.staff_id.empty()) {
      ++rest;
      continue;
    }
    staff.add({employee.staff_id.empty() ? texts("cli.nobody_found") : employee.staff_id, employee.name,
               word("role", employee.role, texts), with_thousands(employee.orders), hours(employee.minutes),
               employee.staff_id.empty() ? "—" : percent(employee.minutes, month_minutes)});
  }
  out += staff.text();
  if (rest > 0) out += "  " + texts("cli.plan_more_staff", {{"employees", with_thousands(rest)}}) + "\n";
  if (!outcome.by_reason.empty()) {
    TextTable held({{texts("cli.col_suppressed_reason")},
                    {texts("cli.col_actions"), Align::Right},
                    {texts("cli.col_customers"), Align::Right}});
    for (const auto& reason : outcome.by_reason) {
      held.add(
          {word("suppressed", reason.reason, texts), with_thousands(reason.actions), with_thousands(reason.customers)});
    }
    out += "\n" + held.text();
  }
  if (outcome.unasked > 0)
    out += "\n" + texts("cli.plan_unasked", {{"orders", with_thousands(outcome.unasked)}}) + "\n";
  if (!outcome.not_in_force.empty()) {
    out += "\n" +
           texts("cli.plan_not_in_force", {{"schemes", fmt::format("{}", fmt::join(outcome.not_in_force, ", "))},
                                           {"month", outcome.month.text()}}) +
           "\n";
  }
  return out;
}

std::string show_suppressed(const strategy::SuppressedList& found, const Texts& texts) {
  if (found.actions.empty()) return texts("cli.nothing_suppressed") + "\n";
  TextTable table({{texts("cli.col_month")},
                   {texts("cli.col_customer")},
                   {texts("cli.col_cell")},
                   {texts("cli.col_order_type")},
                   {texts("cli.col_suppressed_reason")}});
  for (const auto& one : found.actions) {
    table.add({one.month.text(), one.customer_id, one.cell + "." + one.action, one.order_type,
               word("suppressed", one.reason, texts) + (one.detail.empty() ? "" : " (" + one.detail + ")")});
  }
  const auto shown = std::ssize(found.actions);
  return table.text() +
         (shown < found.found
              ? texts("cli.list_cut", {{"shown", with_thousands(shown)}, {"found", with_thousands(found.found)}}) + "\n"
              : "");
}

std::string show_orders(const strategy::OrderList& found, const strategy::Library& library, const Texts& texts) {
  if (found.orders.empty()) return texts("cli.no_orders") + "\n";
  TextTable table({{texts("cli.col_order")},
                   {texts("cli.col_order_type")},
                   {texts("cli.col_customer")},
                   {texts("cli.col_order_state")},
                   {texts("cli.col_order_due")},
                   {texts("cli.col_owner")},
                   {texts("cli.col_channel")}});
  for (const auto& order : found.orders) {
    table.add({order.order_id, type_title(library, order.type, texts) + (order.is_urgent ? " !" : ""),
               order.customer_id, state_word(order.state, texts), order.due_on,
               or_dash(order.owner_id) + (order.second_owner_id.empty() ? "" : ", " + order.second_owner_id),
               word("channel", order.channel, texts)});
  }
  const auto shown = std::ssize(found.orders);
  return table.text() +
         (shown < found.found
              ? texts("cli.list_cut", {{"shown", with_thousands(shown)}, {"found", with_thousands(found.found)}}) + "\n"
              : "");
}

std::string show_order(const strategy::WorkOrder& order, const std::vector<strategy::OrderEvent>& events,
                       const strategy::Library& library, const Texts& texts) {
  const auto language = texts.language();
  std::string out = "■ " + order.order_id + "  " + type_title(library, order.type, texts) + "  " +
                    state_word(order.state, texts) + (order.is_urgent ? "  " + texts("cli.order_urgent") : "") + "\n";
  out +=
      "  " +
      texts("cli.order_line",
            {{"customer", order.customer_id},
             {"area", or_dash(order.area_id)},
             {"owner", or_dash(order.owner_id) + (order.second_owner_id.empty() ? "" : ", " + order.second_owner_id)},
             {"channel", word("channel", order.channel, texts)},
             {"begins", order.begins_on},
             {"due", order.due_on}}) +
      "\n";
  if (!order.outcome.empty()) out += "  " + texts("cli.order_outcome", {{"outcome", order.outcome}}) + "\n";
  if (order.escalation > 0) out += "  " + texts("cli.order_escalated", {{"to", or_dash(order.escalated_to)}}) + "\n";
  if (!order.verifies.empty()) out += "  " + texts("cli.order_verifies", {{"order", order.verifies}}) + "\n";
  for (const auto& reason : reasons_of(order)) {
    const auto* const action = library.find_action(reason);
    out += "  · " + reason + (action == nullptr ? "" : "  " + action->text.in(language)) + "\n";
  }
  if (const auto* const type = library.find_type(order.type)) {
    for (const auto& item : type->checklist) out += "  □ " + item.in(language) + "\n";
    for (const auto& item : type->script) out += "  “" + item.in(language) + "”\n";
    for (const auto& one : type->contingencies) {
      out += "  ⚠ " + one.when.in(language) + " → " + one.then.in(language) + "\n";
    }
    for (const auto& field : type->form) {
      out += "  ▸ " + field.name + (field.required ? "*" : "") + "  " + field.title.in(language) + "\n";
    }
  }
  for (const auto& event : events) {
    out += "  " +
           texts("cli.order_event",
                 {{"at", event.at.substr(0, 16)},
                  {"by", event.by},
                  {"move", word("move", event.move, texts)},
                  {"to", state_word(event.to, texts)},
                  {"note", event.outcome + (event.outcome.empty() || event.note.empty() ? "" : ", ") + event.note}}) +
           "\n";
    for (const auto& [field, value] : event.form) out += "      " + field + ": " + value + "\n";
  }
  return out;
}

std::string show_move(const strategy::MoveOutcome& done, const strategy::Library& library, const Texts& texts) {
  std::string out = texts("cli.order_moved", {{"order", done.order.order_id},
                                              {"type", type_title(library, done.order.type, texts)},
                                              {"state", state_word(done.order.state, texts)}}) +
                    "\n";
  if (done.checker) {
    out += texts("cli.order_checker", {{"order", done.checker->order_id},
                                       {"type", type_title(library, done.checker->type, texts)},
                                       {"owner", or_dash(done.checker->owner_id)},
                                       {"due", done.checker->due_on}}) +
           "\n";
  }
  if (done.checked) {
    out += texts("cli.order_checked",
                 {{"order", done.checked->order_id}, {"state", state_word(done.checked->state, texts)}}) +
           "\n";
  }
  return out;
}

std::string show_clock(const strategy::DisconnectionClock& clock, const Texts& texts) {
  std::string out = texts("cli.clock_head", {{"customer", clock.customer_id},
                                             {"owed", clock.owed_cny},
                                             {"bills", with_thousands(clock.unpaid_bills)},
                                             {"due", clock.oldest_due_on},
                                             {"days", with_thousands(clock.days_overdue)}}) +
                    "\n";
  for (const auto& step : clock.steps) {
    const auto mark = step.done ? "✓ " : step.needed ? "✗ " : "· ";
    const auto who = step.done_by.empty() ? "" : "  " + step.done_at + "  " + step.done_by;
    out += std::string("  ") + mark + word("legal_step", strategy::name_of(step.step), texts) + who +
           (step.missing ? "  " + render_error(*step.missing, texts) : "") + "\n";
  }
  if (clock.order_id) out += texts("cli.clock_ordered", {{"order", *clock.order_id}}) + "\n";
  return out;
}

Json json_of(const strategy::CheckedLibrary& checked, const Texts& texts) {
  return {{"books", checked.library.books.size()},
          {"library", checked.library.fingerprint},
          {"errors", findings(checked.problems, texts)},
          {"doubts", findings(checked.doubts, texts)}};
}

Json json_of(const strategy::Library& library) {
  Json out = {{"library", library.fingerprint}, {"books", Json::array()}};
  for (const auto& book : library.books) {
    out["books"].push_back({{"book", book.name},
                            {"version", book.version},
                            {"title", bilingual(book.title)},
                            {"department", library.rules.departments[book.department].code},
                            {"cells", book.cells.size()},
                            {"actions", actions_of(book)}});
  }
  return out;
}

Json json_of(const strategy::Book& book, const strategy::Library& library) {
  Json out = {
      {"book", book.name}, {"version", book.version}, {"title", bilingual(book.title)}, {"cells", Json::array()}};
  for (const auto& cell : book.cells) {
    Json actions = Json::array();
    for (const auto& action : cell.actions) {
      actions.push_back(
          {{"action", action.name},
           {"order", library.types[action.order].code},
           {"on", strategy::name_of(action.on)},
           {"every_months", action.on == strategy::Occasion::Month ? Json(action.every_months) : Json(nullptr)},
           {"channel", strategy::name_of(action.channel)},
           {"owner", strategy::name_of(action.owner)},
           {"text", bilingual(action.text)}});
    }
    out["cells"].push_back({{"cell", cell.name},
                            {"requirements", cell.requirements},
                            {"class", or_null(cell.class_code)},
                            {"attribute", or_null(cell.attribute)},
                            {"authored", cell.is_authored},
                            {"when", cell.when.text()},
                            {"text", bilingual(cell.text)},
                            {"actions", std::move(actions)}});
  }
  return out;
}

Json json_of(const app::ServicePlan& plan) {
  const auto& outcome = plan.outcome;
  Json out = {{"month", outcome.month.text()},  {"features_of", outcome.features_of.text()},
              {"library", outcome.library},     {"plan", outcome.plan_id > 0 ? Json(outcome.plan_id) : Json(nullptr)},
              {"customers", outcome.customers}, {"touched", outcome.touched},
              {"wanted", outcome.wanted},       {"suppressed", outcome.suppressed},
              {"joined", outcome.joined},       {"orders", outcome.orders},
              {"created", outcome.created},     {"unasked", outcome.unasked},
              {"types", Json::array()},         {"employees", Json::array()},
              {"suppressed_by", Json::array()}, {"not_in_force", outcome.not_in_force}};
  for (const auto& type : outcome.types) {
    out["types"].push_back({{"type", plan.library.types[type.type].code},
                            {"orders", type.orders},
                            {"created", type.created},
                            {"minutes", type.minutes}});
  }
  const double month_minutes = plan.library.rules.month_hours * kMinutesPerHour;
  for (const auto& employee : outcome.employees) {
    out["employees"].push_back({{"staff", or_null(employee.staff_id)},
                                {"name", or_null(employee.name)},
                                {"role", employee.role},
                                {"orders", employee.orders},
                                {"minutes", employee.minutes},
                                {"share_of_month", static_cast<double>(employee.minutes) / month_minutes}});
  }
  for (const auto& reason : outcome.by_reason) {
    out["suppressed_by"].push_back(
        {{"reason", reason.reason}, {"actions", reason.actions}, {"customers", reason.customers}});
  }
  return out;
}

Json json_of(const strategy::SuppressedList& found) {
  Json out = {{"found", found.found}, {"actions", Json::array()}};
  for (const auto& one : found.actions) {
    out["actions"].push_back({{"month", one.month.text()},
                              {"customer_id", one.customer_id},
                              {"cell", one.cell},
                              {"action", one.action},
                              {"type", one.order_type},
                              {"reason", one.reason},
                              {"detail", or_null(one.detail)}});
  }
  return out;
}

Json json_of(const strategy::OrderList& found) {
  Json out = {{"found", found.found}, {"orders", Json::array()}};
  for (const auto& order : found.orders) out["orders"].push_back(order_json(order));
  return out;
}

Json json_of(const strategy::WorkOrder& order, const std::vector<strategy::OrderEvent>& events) {
  Json out = order_json(order);
  out["events"] = Json::array();
  for (const auto& event : events) {
    Json form = Json::object();
    for (const auto& [field, value] : event.form) form[field] = value;
    out["events"].push_back({{"sequence", event.sequence},
                             {"at", event.at},
                             {"by", event.by},
                             {"move", event.move},
                             {"from", strategy::name_of(event.from)},
                             {"to", strategy::name_of(event.to)},
                             {"outcome", or_null(event.outcome)},
                             {"note", or_null(event.note)},
                             {"form", std::move(form)}});
  }
  return out;
}

Json json_of(const strategy::MoveOutcome& done) {
  return {{"order", order_json(done.order)},
          {"checker", done.checker ? order_json(*done.checker) : Json(nullptr)},
          {"checked", done.checked ? order_json(*done.checked) : Json(nullptr)}};
}

Json json_of(const strategy::DisconnectionClock& clock, const Texts& texts) {
  Json steps = Json::array();
  for (const auto& step : clock.steps) {
    steps.push_back({{"step", strategy::name_of(step.step)},
                     {"needed", step.needed},
                     {"done", step.done},
                     {"done_at", or_null(step.done_at)},
                     {"done_by", or_null(step.done_by)},
                     {"missing", step.missing ? Json(render_error(*step.missing, texts)) : Json(nullptr)}});
  }
  return {{"customer_id", clock.customer_id},
          {"owed_cny", clock.owed_cny},
          {"unpaid_bills", clock.unpaid_bills},
          {"oldest_due_on", clock.oldest_due_on},
          {"days_overdue", clock.days_overdue},
          {"steps", std::move(steps)},
          {"order", clock.order_id ? Json(*clock.order_id) : Json(nullptr)}};
}

}  // namespace fenqun::cli
