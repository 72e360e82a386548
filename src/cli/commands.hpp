// cli/commands.hpp - the command line: what may be said, and what each command does. Level 8.
#pragma once

#include "base/texts.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace fenqun::cli {

/// Runs one command line (without the program's name). Results go to standard output, progress and errors to standard
/// error. Returns the exit code of DESIGN D15: 0 done, 1 failed, 2 wrong use, 3 bad data, 4 refused, 130 interrupted.
int run_command(const std::vector<std::string>& arguments, const Texts& texts, const std::stop_token& stop);

/// The language asked for by --lang, else by the variable FENQUN_LANG, else Chinese. Errors: InvalidArgument.
Result<Language> wanted_language(const std::vector<std::string>& arguments);

}  // namespace fenqun::cli
