// cli/commands.hpp - the command line: what may be said, and what each command does. Level 8.
#pragma once

#include "access/doorkeeper.hpp"
#include "app/context.hpp"
#include "base/texts.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace fenqun::cli {

/// Runs one command line (without the program's name). Results go to standard output, progress and errors to standard
/// error. Returns the exit code of DESIGN D15: 0 done, 1 failed, 2 wrong use, 3 bad data, 4 refused, 130 interrupted.
/// A workspace that a server owns is worked on by the server, which is handed the command line.
int run_command(const std::vector<std::string>& arguments, const Texts& texts, const std::stop_token& stop);
/// A server that has the workspace open: what of it commands work with. All must outlive the call.
struct Host {
  app::WorkspaceHost& workspace;
  access::Doorkeeper& door;
  access::AuditTrail& trail;
};
/// The same within the process that has the host's workspace open; prints to where this thread's output goes.
int run_hosted_command(const std::vector<std::string>& arguments, const Texts& texts, const std::stop_token& stop,
                       const Host& host);

/// The language asked for by --lang, else by the variable FENQUN_LANG, else Chinese. Errors: InvalidArgument.
Result<Language> wanted_language(const std::vector<std::string>& arguments);

}  // namespace fenqun::cli
