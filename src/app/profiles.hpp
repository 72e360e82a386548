// app/profiles.hpp - use case: portraits of groups as a page, a workbook and a CSV file. Level 6.
#pragma once

#include "app/context.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::app {

struct ProfileRequest {
  std::optional<Month> month;        // absent: the latest prepared
  std::vector<std::string> schemes;  // empty: all that were run for the month
  std::filesystem::path folder;      // where to; empty: reports/<month> of the workspace
};

struct ProfileOutcome {
  Month as_of;
  std::filesystem::path html;  // portraits.<language>.html
  std::filesystem::path xlsx;
  std::filesystem::path csv;
};

/// Errors: BadData (nothing prepared or segmented), Io, Database.
Result<ProfileOutcome> write_profiles(Session& session, const ProfileRequest& request);

}  // namespace fenqun::app
