// cli/scheme_commands.cpp - the registry of schemes: schemes list, show, clone, history.
#include "app/schemes.hpp"
#include "base/number.hpp"
#include "cli/command_line.hpp"
#include "cli/output_ledger.hpp"
#include "cli/text_table.hpp"

namespace fenqun::cli {
namespace {

struct SchemeOptions {
  std::string workspace = ".";
  std::string name;
  std::string copy;
  std::string definition;
};

Json bilingual(const BilingualText& text) { return {{"zh", text.zh}, {"en", text.en}}; }

Json entry_json(const app::SchemeEntry& entry, const Texts& texts) {
  Json out = {{"scheme", entry.name}, {"file", entry.origin}, {"built_in", entry.built_in}};
  if (entry.scheme) {
    const auto& scheme = *entry.scheme;
    out["version"] = scheme.version;
    out["definition"] = scheme.fingerprint;
    out["title"] = bilingual(scheme.title);
    out["department"] = scheme.department.zh.empty() ? Json(nullptr) : bilingual(scheme.department);
    out["method"] = segment::name_of(scheme.method);
    out["groups"] = scheme.groups.size();
  }
  out["problem"] = entry.problem ? Json(render_error(*entry.problem, texts)) : Json(nullptr);
  out["definitions_used"] = entry.definitions;
  out["runs"] = entry.runs;
  return out;
}

Result<void> do_list(const SchemeOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto entries, app::list_schemes(session));
  if (call.json) {
    Json out = Json::array();
    for (const auto& entry : entries) out.push_back(entry_json(entry, call.texts));
    print(out);
    return {};
  }
  TextTable table({{call.texts("cli.col_scheme")},
                   {call.texts("cli.col_scheme_title")},
                   {call.texts("cli.col_version"), Align::Right},
                   {call.texts("cli.col_method")},
                   {call.texts("cli.col_groups"), Align::Right},
                   {call.texts("cli.col_where_from")},
                   {call.texts("cli.col_runs"), Align::Right}});
  std::string problems;
  for (const auto& entry : entries) {
    const auto from = call.texts(entry.built_in ? "cli.scheme_built_in" : "cli.scheme_of_workspace");
    if (!entry.scheme) {
      table.add({entry.name, call.texts("cli.scheme_faulty"), "", "", "", from, with_thousands(entry.runs)});
      problems += render_error(*entry.problem, call.texts) + "\n";
      continue;
    }
    const auto& scheme = *entry.scheme;
    table.add({entry.name, scheme.title.in(call.texts.language()), std::to_string(scheme.version),
               call.texts("report.method_" + std::string(name_of(scheme.method))),
               scheme.groups.empty() ? "—" : std::to_string(scheme.groups.size()), from, with_thousands(entry.runs)});
  }
  print(table.text() + problems);
  return {};
}

Result<void> do_show(const SchemeOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto found, app::show_scheme(session, options.name, options.definition));
  if (call.json) {
    print(Json{{"scheme", found.scheme},
               {"version", found.version},
               {"definition", found.definition},
               {"source", found.source},
               {"first_used", found.first_used.empty() ? Json(nullptr) : Json(found.first_used)},
               {"text", found.text}});
  } else {
    print(found.text);
  }
  return {};
}

Result<void> do_clone(const SchemeOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller));
  FENQUN_TRY(const auto done, app::clone_scheme(session, options.name, options.copy));
  if (call.json) {
    print(Json{{"scheme", done.scheme.name},
               {"derived_from", options.name},
               {"definition", done.scheme.fingerprint},
               {"file", done.file.string()}});
  } else {
    print(call.texts("cli.scheme_cloned",
                     {{"from", options.name}, {"file", done.file.string()}, {"name", done.scheme.name}}) +
          "\n");
  }
  return {};
}

Result<void> do_history(const SchemeOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(options.workspace, call.caller.reading()));
  FENQUN_TRY(const auto found, segment::definitions_of(session.workspace, options.name));
  if (call.json) {
    Json out = Json::array();
    for (const auto& line : found) {
      out.push_back({{"scheme", line.scheme},
                     {"version", line.version},
                     {"definition", line.definition},
                     {"source", line.source},
                     {"first_used", line.first_used},
                     {"runs", line.runs}});
    }
    print(out);
    return {};
  }
  TextTable table({{call.texts("cli.col_scheme")},
                   {call.texts("cli.col_version"), Align::Right},
                   {call.texts("cli.col_definition")},
                   {call.texts("cli.col_first_used")},
                   {call.texts("cli.col_runs"), Align::Right},
                   {call.texts("cli.col_where_from")}});
  for (const auto& line : found) {
    table.add({line.scheme, std::to_string(line.version), line.definition, minute_of(line.first_used),
               with_thousands(line.runs), line.source});
  }
  print(found.empty() ? call.texts("cli.no_definitions") + "\n" : table.text());
  return {};
}

using SchemeAction = Result<void> (*)(const SchemeOptions&, const Call&);

}  // namespace

void add_scheme_commands(CommandLine& line) {
  auto options = std::make_shared<SchemeOptions>();
  const auto bound = [options](SchemeAction action) {
    return [options, action](const Call& call) { return action(*options, call); };
  };
  auto* const schemes = line.add("schemes", bound(do_list));
  line.with_workspace(schemes, options->workspace);
  line.add_below(schemes, "list", bound(do_list));
  auto* const show = line.add_below(schemes, "show", bound(do_show));
  show->add_option("SCHEME", options->name, line.text("cli.opt_scheme_name"))->required();
  show->add_option("--definition", options->definition, line.text("cli.opt_definition"));
  auto* const clone = line.add_below(schemes, "clone", bound(do_clone));
  clone->add_option("SCHEME", options->name, line.text("cli.opt_scheme_name"))->required();
  clone->add_option("NEW", options->copy, line.text("cli.opt_new_scheme_name"))->required();
  auto* const history = line.add_below(schemes, "history", bound(do_history));
  history->add_option("SCHEME", options->name, line.text("cli.opt_scheme_name"));
}

}  // namespace fenqun::cli
