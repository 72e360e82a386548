// cli/map_commands.cpp - commands about what files and fields mean.
#include "app/dictionary.hpp"
#include "base/file.hpp"
#include "cli/command_line.hpp"

namespace fenqun::cli {
namespace {

struct DictionaryOptions {
  std::string format;
  std::string out;
  std::string workspace;
};

struct SuggestOptions {
  std::string file;
  std::string sheet;
  std::string out;
  std::string workspace;
};

Result<void> do_dictionary(const DictionaryOptions& options, const Call& call) {
  app::DictionaryRequest request;
  // A file's name says its form as well as an option does.
  const bool is_page = options.format.empty() && std::filesystem::path(options.out).extension() == ".html";
  FENQUN_TRY(request.format, app::parse_dictionary_format(is_page                  ? "html"
                                                          : options.format.empty() ? "markdown"
                                                                                   : options.format));
  if (!options.workspace.empty()) request.workspace = options.workspace;
  if (call.json && options.out.empty()) {
    FENQUN_TRY(const auto contracts, app::contracts_of(request.workspace));
    print(json_of(contracts));
    return {};
  }
  FENQUN_TRY(const auto text, app::make_dictionary(request, call.caller, call.texts));
  if (options.out.empty()) {
    print(text);
    return {};
  }
  FENQUN_CHECK(write_file_atomically(options.out, text));
  if (call.json)
    print(Json{{"dictionary", options.out}});
  else
    print(call.texts("cli.dictionary_done", {{"path", options.out}}) + "\n");
  return {};
}

Result<void> do_suggest(const SuggestOptions& options, const Call& call) {
  app::SuggestRequest request;
  request.file = options.file;
  request.sheet = options.sheet;
  if (!options.workspace.empty()) request.workspace = options.workspace;
  FENQUN_TRY(const auto outcome, app::suggest_mapping(request, call.caller, call.texts));
  if (!options.out.empty()) FENQUN_CHECK(write_file_atomically(options.out, outcome.mapping));
  if (call.json) {
    print(json_of(outcome, call.texts));
  } else if (options.out.empty()) {
    print(outcome.mapping);
  } else {
    print(show_suggestion(outcome, call.texts) + call.texts("cli.suggest_done", {{"path", options.out}}) + "\n");
  }
  return {};
}

void add_dictionary(CommandLine& line, CLI::App* map) {
  auto options = std::make_shared<DictionaryOptions>();
  auto* const dictionary =
      line.add_below(map, "dictionary", [options](const Call& call) { return do_dictionary(*options, call); });
  dictionary->add_option("--format", options->format, line.text("cli.opt_dictionary_format"));
  dictionary->add_option("--out", options->out, line.text("cli.opt_out_file"));
  line.with_workspace(dictionary, options->workspace);
}

void add_suggest(CommandLine& line, CLI::App* map) {
  auto options = std::make_shared<SuggestOptions>();
  auto* const suggest =
      line.add_below(map, "suggest", [options](const Call& call) { return do_suggest(*options, call); });
  suggest->add_option("file", options->file, line.text("cli.opt_suggest_file"))->required();
  suggest->add_option("--sheet", options->sheet, line.text("cli.opt_sheet"));
  suggest->add_option("--out", options->out, line.text("cli.opt_out_file"));
  line.with_workspace(suggest, options->workspace);
}

}  // namespace

void add_map_commands(CommandLine& line) {
  auto* const map = line.add("map", [](const Call&) { return Result<void>(); });
  map->require_subcommand(1);
  add_suggest(line, map);
  add_dictionary(line, map);
}

}  // namespace fenqun::cli
