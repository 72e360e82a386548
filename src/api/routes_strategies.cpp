// api/routes_strategies.cpp - the strategy library: its files, their cells, checked and saved.
#include "api/routes.hpp"

#include "app/strategies.hpp"

#include <algorithm>

namespace fenqun::api {
namespace {

constexpr std::size_t kLongestText = 262'144;

Json problems_json(const strategy::CheckedLibrary& checked, const std::string& name, const Texts& texts) {
  Json out = Json::array();
  const auto add = [&](const std::vector<Error>& errors, const char* severity) {
    for (const auto& error : errors) {
      const auto line = error.arg("line");
      const std::string file(error.arg("file"));
      const bool is_here = file.find("/" + name + ".yaml") != std::string::npos;
      out.push_back({{"line", line.empty() || !is_here ? Json(nullptr) : Json(std::string(line))},
                     {"severity", severity},
                     {"message", render_error(error, texts)}});
    }
  };
  add(checked.problems, "error");
  add(checked.doubts, "warning");
  return out;
}

Json book_json(const strategy::Library& library, const strategy::Book& book) {
  std::size_t actions = 0;
  Json cells = Json::array();
  for (const auto& cell : book.cells) {
    Json told = Json::array();
    for (const auto& action : cell.actions) {
      const auto& type = library.types[action.order];
      told.push_back({{"action", action.name},
                      {"order", {{"code", type.code}, {"title", json_of(type.title)}}},
                      {"on", strategy::name_of(action.on)},
                      {"every_months", action.every_months},
                      {"channel", strategy::name_of(action.channel)},
                      {"urgent", action.is_urgent},
                      {"marketing", action.is_marketing},
                      {"text", json_of(action.text)}});
    }
    actions += cell.actions.size();
    cells.push_back({{"cell", cell.name},
                     {"requirements", cell.requirements},
                     {"authored", cell.is_authored},
                     {"when", cell.when.text()},
                     {"text", json_of(cell.text)},
                     {"actions", std::move(told)}});
  }
  return {{"title", json_of(book.title)},
          {"source", json_of(book.source)},
          {"department", json_of(library.rules.departments[book.department].title)},
          {"version", book.version},
          {"actions", actions},
          {"cells", std::move(cells)}};
}

const strategy::Book* find_book(const strategy::Library& library, const std::string& name) {
  const auto found = std::find_if(library.books.begin(), library.books.end(),
                                  [&](const strategy::Book& one) { return one.name == name; });
  return found == library.books.end() ? nullptr : &*found;
}

Result<Response> list_files(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto checked, app::check_strategies(*lease));
  Json items = Json::array();
  for (const auto& name : app::strategy_files(*lease)) {
    FENQUN_TRY(const auto file, app::find_strategy_file(*lease, name));
    Json item = {{"file", name}, {"built_in", file.built_in}, {"book", nullptr}};
    if (const auto* const book = find_book(checked.library, name); book != nullptr && checked.problems.empty()) {
      auto told = book_json(checked.library, *book);
      told["cells"] = told["cells"].size();
      item["book"] = std::move(told);
    }
    items.push_back(std::move(item));
  }
  return Response::json({{"items", std::move(items)},
                         {"fingerprint", checked.library.fingerprint},
                         {"problems", problems_json(checked, "", service.texts(request.language))}});
}

Result<Json> file_json(app::Session& session, const app::StrategyFile& file) {
  FENQUN_TRY(const auto checked, app::check_strategies(session));
  const auto* const book = checked.problems.empty() ? find_book(checked.library, file.name) : nullptr;
  return Json{{"file", file.name},
              {"built_in", file.built_in},
              {"text", file.text},
              {"book", book == nullptr ? Json(nullptr) : book_json(checked.library, *book)}};
}

Result<Response> tell_file(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto file, app::find_strategy_file(*lease, request.text("file")));
  FENQUN_TRY(const auto json, file_json(*lease, file));
  return Response::json(json);
}

Result<Response> check_file(Service& service, Request& request) {
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto checked, app::check_strategy_text(*lease, request.text("file"), request.field("text")));
  return Response::json({{"ok", checked.problems.empty()},
                         {"problems", problems_json(checked, request.text("file"), service.texts(request.language))}});
}

Result<Response> save_file(Service& service, Request& request) {
  request.subject = request.text("file");
  FENQUN_TRY(auto lease, service.session(request.language));
  FENQUN_TRY(const auto file, app::save_strategy_text(*lease, request.subject, request.field("text")));
  FENQUN_TRY(const auto json, file_json(*lease, file));
  return Response::json(json);
}

}  // namespace

std::vector<Route> strategy_routes() {
  const auto file = in_path("file");
  const auto text = text_field("text", Need::Required, 1, kLongestText);
  return {
      {"GET", "/strategies", "strategies.read", {}, list_files},
      {"GET", "/strategies/{file}", "strategies.read", {file}, tell_file},
      {"POST", "/strategies/{file}/check", "strategies.read", {file, text}, check_file, Audited::Now, BodyKind::Object},
      {"PUT", "/strategies/{file}", "strategies.write", {file, text}, save_file, Audited::Now, BodyKind::Object},
  };
}

}  // namespace fenqun::api
