// suggest/sample.hpp - the first rows of a file, as ingest opens it. Level 3.
#pragma once

#include "base/result.hpp"
#include "ingest/source.hpp"
#include "suggest/proposal.hpp"
#include "warehouse/workspace.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace fenqun::suggest {

/// A table of more is beyond comparing.
inline constexpr std::size_t kMostColumns = 4096;

struct Sample {
  Table table;
  reader::SourceReport source;
  std::int64_t records = 0;  // of the file
  std::int64_t rows = 0;     // of them in the sample
  std::int64_t totals = 0;   // CSV, XLSX: rows of the sample that look like lines of totals
};

/// Opens the file as `layout` says and takes its first rows: at most `most_rows`, and of a table of many columns at
/// most as many as keep the sample at some hundred thousand cells. Texts that ingest takes for no value are blank, and
/// so are headers that only stand for blank ones. Errors: BadData
/// "suggest.too_many_columns"; those of ingest::open_source, Database.
Result<Sample> take_sample(warehouse::Workspace& workspace, const std::filesystem::path& scratch,
                           const std::filesystem::path& file, const ingest::SourceLayout& layout,
                           std::size_t most_rows);

}  // namespace fenqun::suggest
