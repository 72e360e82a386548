// app/suggestion.hpp - use case: propose a mapping for a file, and try it before anybody relies on it. Level 6.
#pragma once

#include "app/context.hpp"
#include "ingest/ingest.hpp"
#include "reader/source_report.hpp"
#include "suggest/proposal.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::app {

struct SuggestRequest {
  std::filesystem::path file;
  std::string sheet;                               // of a workbook; empty: the one that ingest would read
  std::optional<std::filesystem::path> workspace;  // its contracts, and whether it knows the customers already
  std::size_t most_rows = 5000;                    // of the sample
  std::size_t shown_rows = 0;                      // first rows of the sample in the outcome
  bool tells_values = true;                        // false: reasons and refusals quote nothing of the file
  std::uint64_t memory_limit_bytes = 0;            // of the trial; 0: as of any workspace
};

/// Rows that the mapping would have refused.
struct TrialFault {
  std::string entity;
  std::string column;
  std::string reason;  // text key's last part: "bad_number"
  std::int64_t rows = 0;
  std::int64_t first_line = 0;  // of the file; of a sample 0
};

/// The proposed mapping used once, in a workspace that is thrown away.
struct Trial {
  bool whole_file = true;  // false: the sample, for the file is large
  ingest::EntityCounts total;
  std::vector<ingest::EntityCounts> entities;
  std::vector<TrialFault> faults;
  std::optional<Error> refused;  // the mapping did not get as far as counting
};

struct SuggestOutcome {
  std::filesystem::path file;
  reader::SourceReport source;                              // what the file turned out to be
  std::int64_t records = 0;                                 // of the file
  std::int64_t sample_rows = 0;                             // that were looked at
  std::shared_ptr<const warehouse::ContractSet> contracts;  // what the proposal looks at
  std::vector<std::string> headers;
  std::vector<std::vector<std::optional<std::string>>> rows;  // as many as were asked for, one value per header
  suggest::Proposal proposal;
  std::optional<Trial> trial;  // absent: a required field is open, or nothing was proposed
  std::optional<double> max_rejected_share;
  std::string mapping;  // YAML, as `fenqun ingest --map` takes it
};

/// A fault as a sentence.
std::string fault_text(const TrialFault& fault, const Texts& texts);

/// Without the values that it quotes from a file: "…" stands in their place.
Error without_values(Error error);

/// A file of at most this many bytes is tried whole.
inline constexpr std::uintmax_t kTrialBytes = 67'108'864;

/// Opens the file as ingest does, proposes, tries the proposal on the file (a large one: on the sample), and takes what
/// the trial shows into the confidences. At most one row in a hundred rejected makes the mapping accept that share.
/// The file and the workspace stay as they are. Errors: those of ingest::open_source and of Session::open; Io.
Result<SuggestOutcome> suggest_mapping(const SuggestRequest& request, const Caller& caller, const Texts& texts);

}  // namespace fenqun::app
