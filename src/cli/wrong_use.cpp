// cli/wrong_use.cpp - the parser tells kinds of errors by type, and all else in its English sentences alone.
#include "cli/wrong_use.hpp"

#include "base/near_names.hpp"
#include "base/number.hpp"
#include "base/short_text.hpp"

#include <optional>
#include <utility>

namespace fenqun::cli {
namespace {

// Of a chain of commands the one named last.
const CLI::App& last_named(const CLI::App& program) {
  const auto below = program.get_subcommands();
  return below.empty() ? program : last_named(*below.back());
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> out;
  for (const auto* const below : command.get_subcommands(nullptr)) out.push_back(below->get_name());
  return out;
}

// With those of its parents, which it takes as well.
std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> out;
  for (const auto* app = &command; app != nullptr; app = app->get_parent()) {
    for (const auto* const option : app->get_options()) {
      for (const auto& name : option->get_lnames()) out.push_back("--" + name);
    }
  }
  return out;
}

// The text before and behind a part of it.
std::optional<std::pair<std::string, std::string>> split(const std::string& text, std::string_view at) {
  const auto found = text.find(at);
  if (found == std::string::npos) return std::nullopt;
  return std::pair(text.substr(0, found), text.substr(found + at.size()));
}

Error::Line unknown(const CLI::App& program, const CLI::App& command) {
  const auto rest = program.remaining(true);
  const auto first = rest.empty() ? std::string() : rest.front();
  if (first.starts_with("-")) {
    const auto name = first.substr(0, first.find('='));
    return {"cli.use_unknown_option",
            {{"option", short_text(name)}, {"near", near_names(name, option_names(command))}}};
  }
  const auto commands = command_names(command);
  if (first.empty()) return {"cli.use_no_command", {{"known", name_list(commands)}}};
  if (commands.empty()) return {"cli.use_not_expected", {{"argument", short_text(first)}}};
  return {"cli.use_unknown_command", {{"name", short_text(first)}, {"near", near_names(first, commands)}}};
}

// "--k: Value 9 not in range 2 to 7"
std::optional<Error::Line> out_of_range(const std::string& said) {
  const auto option = split(said, ": Value ");
  if (!option) return std::nullopt;
  const auto value = split(option->second, " not in range ");
  if (!value) return std::nullopt;
  const auto bounds = split(value->second, " to ");
  if (!bounds) return std::nullopt;
  TextArgs args = {{"option", option->first}, {"value", short_text(value->first)}};
  const auto low = parse_number(bounds->first);
  const auto high = parse_number(bounds->second);
  // The parser writes its smallest positive number as 0.000000, and its largest with all digits.
  constexpr double kAnything = 1e300;
  if (!high || *high > kAnything) return Error::Line{"cli.use_not_positive", std::move(args)};
  const auto is_whole = bounds->first.find('.') == std::string::npos;
  args.push_back({"low", is_whole || !low ? bounds->first : shortest(*low)});
  args.push_back({"high", is_whole ? bounds->second : shortest(*high)});
  return Error::Line{"cli.use_out_of_range", std::move(args)};
}

// "Could not convert: --k = x"
std::optional<Error::Line> not_converted(const std::string& said) {
  const auto all = split(said, "Could not convert: ");
  const auto parts = all ? split(all->second, " = ") : std::nullopt;
  if (!parts) return std::nullopt;
  return Error::Line{"cli.use_not_a_value", {{"option", parts->first}, {"value", short_text(parts->second)}}};
}

// "--interval requires --watch", "--step excludes --report"
std::optional<Error::Line> pair_of(const std::string& said, std::string_view verb, const char* key) {
  const auto parts = split(said, verb);
  if (!parts) return std::nullopt;
  return Error::Line{key, {{"option", parts->first}, {"other", parts->second}}};
}

template <class Kind>
bool is(const CLI::ParseError& thrown) {
  return dynamic_cast<const Kind*>(&thrown) != nullptr;
}

std::optional<Error::Line> told(const CLI::ParseError& thrown, const CLI::App& program, const CLI::App& command) {
  const std::string said = thrown.what();
  if (is<CLI::ExtrasError>(thrown)) return unknown(program, command);
  if (is<CLI::RequiredError>(thrown)) {
    if (said.starts_with("A subcommand")) return unknown(program, command);
    if (const auto parts = split(said, " is required")) {
      return Error::Line{"cli.use_required", {{"option", parts->first}}};
    }
  }
  if (is<CLI::ValidationError>(thrown)) return out_of_range(said);
  if (is<CLI::ConversionError>(thrown)) return not_converted(said);
  if (is<CLI::RequiresError>(thrown)) return pair_of(said, " requires ", "cli.use_requires");
  if (is<CLI::ExcludesError>(thrown)) return pair_of(said, " excludes ", "cli.use_excludes");
  if (is<CLI::ArgumentMismatch>(thrown)) {
    if (const auto parts = split(said, ": "); parts && parts->second.find("required") != std::string::npos) {
      return Error::Line{"cli.use_value_missing", {{"option", parts->first}}};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string command_named(const CLI::App& program) {
  const auto below = program.get_subcommands();
  return program.get_name() + (below.empty() ? "" : " " + command_named(*below.back()));
}

Error wrong_use(const CLI::ParseError& thrown, const CLI::App& program) {
  auto line = told(thrown, program, last_named(program));
  if (!line) line = Error::Line{"cli.use_other", {{"reason", thrown.what()}}};
  return Error{ErrorCode::InvalidArgument, std::move(*line), {{"cli.use_help", {{"command", command_named(program)}}}}};
}

}  // namespace fenqun::cli
