// reader/delimiter.cpp
#include "reader/delimiter.hpp"

#include "reader/record_scanner.hpp"

#include <cmath>
#include <map>
#include <tuple>

namespace fenqun::reader {
namespace {

constexpr std::string_view kCandidates = ",;\t|";
constexpr std::int64_t kRecords = 100;
constexpr std::size_t kLookedAtBytes = 1U << 20U;

struct Splitting {
  std::size_t values = 0;  // of most records
  double share = 0;        // of records that have so many
};

Splitting split_by(std::string_view text, char delimiter) {
  RecordScanner scanner(bytes_of(text), {delimiter, false});
  std::map<std::size_t, std::int64_t> counts;
  ScannedRecord record;
  std::int64_t records = 0;
  while (records < kRecords && scanner.next(record) && record.fault == RecordFault::None) {
    // The last record may be cut, so it counts only where it is the only one.
    const bool is_last =
        record.offset + static_cast<std::int64_t>(record.raw.size()) >= static_cast<std::int64_t>(text.size());
    if (is_last && records > 0) break;
    ++counts[count_values(record.raw, delimiter)];
    ++records;
  }
  Splitting best;
  for (const auto& [values, count] : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(records);
    if (share >= best.share) best = {values, share};
  }
  return best;
}

}  // namespace

char stated_delimiter(std::string_view beginning) {
  if (beginning.starts_with("\xEF\xBB\xBF")) beginning.remove_prefix(3);
  const auto line = beginning.substr(0, beginning.find_first_of("\r\n"));
  if (line.size() != 5 || (!line.starts_with("sep=") && !line.starts_with("SEP="))) return 0;
  return kCandidates.find(line[4]) == std::string_view::npos ? '\0' : line[4];
}

char detect_delimiter(std::string_view beginning, std::size_t values) {
  if (const char stated = stated_delimiter(beginning); stated != 0) return stated;
  const auto text = beginning.substr(0, kLookedAtBytes);
  char best = ',';
  std::tuple<bool, long, std::size_t> best_score{false, 0, 1};
  for (const char candidate : kCandidates) {
    const auto splitting = split_by(text, candidate);
    if (splitting.values < 2 || splitting.share < 0.5) continue;
    // Shares count in steps of a tenth: one odd record more or less must not outweigh the number of values.
    const std::tuple score{values >= 2 && splitting.values == values, std::lround(splitting.share * 10.0),
                           splitting.values};
    if (score <= best_score) continue;
    best = candidate;
    best_score = score;
  }
  return best;
}

}  // namespace fenqun::reader
