// suggest/mapping_text.hpp - a proposal as a mapping file that `fenqun ingest --map` takes, with comments. Level 3.
#pragma once

#include "base/texts.hpp"
#include "suggest/proposal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::suggest {

/// What stands above the entries.
struct MappingHead {
  std::vector<std::string> comments;                        // finished sentences
  std::vector<std::pair<std::string, std::string>> source;  // keys of `source:` and their YAML
  std::optional<double> max_rejected_share;
  std::string share_comment;
};

/// Each line of an entry bears its confidence and its reasons as a comment; open fields and columns that nothing reads
/// are comments altogether. The same proposal gives the same bytes.
std::string mapping_text(const Proposal& proposal, const Table& table, const MappingHead& head, const Texts& texts);

/// The reasons as one line of text.
std::string reasons_text(const std::vector<Reason>& reasons, const Texts& texts);

/// "0.93"
std::string confidence_text(double confidence);

}  // namespace fenqun::suggest
