// segment/definitions.hpp - the texts of schemes as runs used them: a run can be shown with its very definition.
// Level 3.
#pragma once

#include "base/result.hpp"
#include "segment/result.hpp"
#include "segment/scheme.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fenqun::segment {

/// A text of a scheme that at least one run used.
struct Definition {
  std::string scheme;
  int version = 0;         // as the text says; another text may say the same
  std::string definition;  // hash of the text, as Scheme::fingerprint
  std::string text;
  std::string source;      // where it was read when it was first used
  std::string first_used;  // "2026-07-01 09:30:00.123456"
  std::int64_t runs = 0;   // that used it
};

/// Of one scheme, or of all when empty; by scheme and time, oldest first. Errors: Database.
Result<std::vector<Definition>> definitions_of(warehouse::Workspace& workspace, const std::string& scheme);

/// Is the text that which the hash was taken of?
bool is_unchanged(const Definition& definition);

/// The text with a hash, or the one that a run used (`key` is either's id). Errors: NotFound (neither; or a run of a
/// version of the program that kept no texts), BadData (the text was changed since), Database.
Result<Definition> find_definition(warehouse::Workspace& workspace, const std::string& key);

/// The scheme as the run used it, whatever its file says by now; of a run that kept no text, the scheme as it is.
/// Errors: BadData (the text names what is no feature any more), those of load_scheme and find_definition.
Result<Scheme> scheme_of_run(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                             const RunResult& run);

/// SQL that keeps a scheme's text unless it is kept already.
std::string keep_definition_sql(const Scheme& scheme);

}  // namespace fenqun::segment
