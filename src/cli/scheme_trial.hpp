// cli/scheme_trial.hpp - segment --check and --preview: a scheme looked at without anything being kept. Level 8.
#pragma once

#include "cli/command_line.hpp"

#include <string>
#include <vector>

namespace fenqun::cli {

/// Errors: BadData where a scheme is refused, after all findings were printed.
Result<void> check_schemes(const std::string& workspace, const std::vector<std::string>& named,
                           const std::string& month, const Call& call);

Result<void> preview_scheme(const std::string& workspace, const std::string& name_or_file, const std::string& month,
                            const Call& call);

}  // namespace fenqun::cli
