// cli/wrong_use.hpp - what the parser finds wrong with a command line, as an error in the user's language. Level 8.
#pragma once

#include "base/error.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace fenqun::cli {

/// The command that was being parsed, "fenqun segment scores"; the most exact one that was named.
std::string command_named(const CLI::App& program);

/// InvalidArgument: what the parser threw, told by its kind: a command or option that is not known (with near names),
/// one that is missing, a value that is missing, of another type or out of its range, options that do or do not go
/// together. Its context names the help to look at.
Error wrong_use(const CLI::ParseError& thrown, const CLI::App& program);

}  // namespace fenqun::cli
