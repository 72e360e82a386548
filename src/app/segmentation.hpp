// app/segmentation.hpp - use cases around schemes: run them, look at what they found. Level 6.
#pragma once

#include "app/context.hpp"
#include "segment/portrait.hpp"
#include "segment/run.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fenqun::app {

struct SegmentRequest {
  bool all = false;                  // every scheme there is, instead of those named
  std::vector<std::string> schemes;  // empty: fenqun.yaml's `schemes`, else level 1 and the four Dongguan dimensions
  std::optional<Month> month;        // absent: the latest month that is prepared
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> k;
  std::filesystem::path truth;  // a file, a folder with customer_class.parquet or .csv, or empty
};

/// A scheme that looks at nobody in that month.
struct SkippedScheme {
  std::string scheme;
  BilingualText title;
  Error why;
};

struct SegmentOutcome {
  Month as_of;
  std::vector<segment::RunResult> runs;  // in the order in which they were made
  std::vector<SkippedScheme> skipped;    // `all` only: else it is an error
  // Whom the preparation found not comparable, by reason. They have groups all the same where a scheme has all it
  // needs.
  std::vector<segment::UnclassifiedResult> not_comparable;
};

/// Schemes are run after those whose groups they look at. Such a scheme that is not named itself is run too where it
/// has no run for the month yet; else its latest is used. Errors: as segment::load_in_order and run_scheme; BadData
/// when no month is prepared; InvalidArgument when a number of groups is asked of a scheme that does not choose one
/// (named, or all of them); NotFound when there is no truth where it is said to be.
Result<SegmentOutcome> segment_customers(Session& session, const SegmentRequest& request);

/// Portraits of the latest runs of a month (the latest when absent), or of those of the schemes named. Errors: BadData
/// (nothing prepared or segmented), NotFound (a scheme was not run), those of make_portraits.
struct PortrayedRuns {
  std::vector<segment::RunResult> runs;
  std::vector<segment::Portrait> portraits;  // as many
};
Result<PortrayedRuns> portray_runs(Session& session, std::optional<Month> month,
                                   const std::vector<std::string>& schemes);

/// The same one by one.
struct PortraitOutcome {
  segment::RunResult run;
  segment::Portrait portrait;
};
Result<std::vector<PortraitOutcome>> portray(Session& session, std::optional<Month> month,
                                             const std::vector<std::string>& schemes);

/// NotFound: there is no such scheme, or else it was not run for the month.
Error scheme_not_run(const Session& session, const std::string& scheme, Month month);

/// What is run where nothing is named: fenqun.yaml's `schemes`, else level 1 and the four Dongguan dimensions.
Result<std::vector<std::string>> default_schemes(const Session& session);

/// The latest month in the wide table. Errors: BadData (nothing prepared).
Result<Month> latest_prepared_month(Session& session);

}  // namespace fenqun::app
