// app/schemes.hpp - use cases around the registry of schemes: list, show, clone, look at their past. Level 6.
#pragma once

#include "app/context.hpp"
#include "ledger/preview.hpp"
#include "segment/definitions.hpp"
#include "segment/scheme.hpp"
#include "segment/scheme_check.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::app {

/// A scheme file, built in or of the workspace.
struct SchemeEntry {
  std::string name;
  std::string origin;  // where it was read
  bool built_in = false;
  std::optional<segment::Scheme> scheme;  // absent: something is wrong with the file
  std::optional<Error> problem;           // what, first
  std::int64_t definitions = 0;           // texts under this name that runs used
  std::int64_t runs = 0;
};
/// By name. Errors: Database.
Result<std::vector<SchemeEntry>> list_schemes(Session& session);

/// The text of a scheme as it is now, or, with `definition` (a hash or a run's id), as a run used it. Errors: NotFound.
Result<segment::Definition> show_scheme(Session& session, const std::string& name, const std::string& definition);

struct CloneOutcome {
  std::filesystem::path file;
  segment::Scheme scheme;
};
/// Writes the scheme `name` as `copy`, version 1, into the workspace's config/schemes, with a note of where it comes
/// from; comments stay. The copy is checked before it is written. Errors: InvalidArgument (a name that cannot be one),
/// NotFound, Conflict (there is such a scheme), BadData (the copy would not be a scheme), Io.
Result<CloneOutcome> clone_scheme(Session& session, const std::string& name, const std::string& copy);

/// A scheme by its name, or a file by its path (what ends in .yaml and is there). Errors: NotFound, Io.
Result<Asset> find_scheme_file(Session& session, const std::string& name_or_file);

/// Checks the schemes or files named, all schemes when empty; tried on the customers of the month (the latest prepared
/// when absent; where none is, they are not tried). Nothing is changed. Errors: NotFound, Database, Cancelled.
Result<std::vector<segment::CheckedScheme>> check_schemes(Session& session, const std::vector<std::string>& named,
                                                          std::optional<Month> month);

/// What a scheme or file would change on the customers of the month (the latest prepared when absent). Errors: as
/// read_scheme, order_with and ledger::preview_scheme.
Result<ledger::Preview> preview_scheme(Session& session, const std::string& name_or_file, std::optional<Month> month);

}  // namespace fenqun::app
