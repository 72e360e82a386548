// cluster/streaming.hpp - k-means over rows that come in pieces: data larger than memory.
// Level 1: may include base/. No I/O of its own, no clock, no global state.
#pragma once

#include "cluster/kmeans.hpp"
#include "cluster/row_source.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>

namespace fenqun::cluster {

enum class StreamMode : std::uint8_t {
  Exact,     // Lloyd's rounds, each a pass over all rows: what fit_kmeans does from the same start
  MiniBatch  // centres move after every batch: few passes, inertia a little higher
};

/// What a pass over the source was for.
enum class StreamPassKind : std::uint8_t {
  Sample,   // draws the rows to start from
  Round,    // a round of Lloyd
  Batches,  // mini-batches
  Closing   // sizes and inertia of the final centres
};

/// One pass that is through.
struct StreamPass {
  StreamPassKind kind = StreamPassKind::Sample;
  std::uint32_t number = 0;  // passes so far, from 1
  std::uint64_t rows = 0;
  double inertia = 0;  // of the rows against the centres they met; 0 for Sample
};

struct StreamedKMeansOptions {
  KMeansOptions kmeans = {};  // max_rounds and tolerance: of the passes in Exact mode, and of the start's fit
  StreamMode mode = StreamMode::Exact;
  std::uint64_t sample_rows = 100'000;  // >= 1: drawn for the start; cut down to 256 MiB of values, never below k
  std::uint32_t batch_rows = 16'384;    // MiniBatch: rows per batch, 1..2^20
  std::uint32_t passes = 3;             // MiniBatch: at most so many over all rows, >= 1; fewer by the tolerance
  std::function<void(const StreamPass&)> on_pass = {};  // after each pass, from the calling thread
};

struct StreamedFit {
  KMeansFit fit;  // without labels (assign_streamed gives them) and log; restart fields are those of the start's fit;
                  // rounds and inertia_by_round: Round or Batches passes
  std::uint64_t rows = 0;     // n
  std::uint32_t passes = 0;   // times the source was read
  std::uint64_t sampled = 0;  // rows that the start was fitted on; 0 with initial_centroids
};

/// Splits the rows of `source` into k groups without ever holding them, by Euclidean distance, every row counting once.
/// The start is fit_kmeans on an even random sample (reservoir), unless initial_centroids are given. Exact: rounds as
/// in fit_kmeans from that start, until the centroids stand still, the tolerance is met or max_rounds are done.
/// MiniBatch: after each batch every centroid becomes the mean of all rows it took so far (rates 1 / count); rows
/// should not come in an order with a trend. An emptied group restarts at a row far from its centroid (of the farthest
/// of each block); a group is never empty at the end, for which passes may follow that only place groups. Sizes and
/// inertia belong to the final centroids. Rows are regrouped into blocks that depend on k and d alone: same rows and
/// options give the same bits for any pieces and thread count. Time O(n k d passes); memory, besides the sample: 16 MiB
/// of rows (or 256 rows, or a batch) and k d doubles for each of at most 32 blocks, not above 128 MiB. Safe to call
/// from several threads, each with its own source. Errors: as fit_kmeans, rows counted from 0 over all pieces (a sample
/// with fewer distinct rows than k says so); those of the source; InvalidArgument (sample_rows, batch_rows, passes; a
/// piece with other columns than the source's); BadData (a later pass brought another number of rows); Cancelled (stop
/// seen between blocks). Source: Vitter 1985, ACM TOMS 11(1), the sample by Li 1994, ACM TOMS 20(4); Sculley, WWW 2010.
/// See docs/math/streaming.md.
Result<StreamedFit> fit_streamed_kmeans(RowSource& source, const StreamedKMeansOptions& options, WorkerPool& pool,
                                        const std::stop_token& stop = {});

/// Labels of consecutive rows, the first of them `first_row`; both spans as long as rows, valid during the call.
using TakeLabels = std::function<Result<void>(std::uint64_t first_row, std::span<const std::uint32_t> labels,
                                              std::span<const float> squared_distances)>;

/// One pass: the nearest of k centroids (1..4096 x d, of equals the lowest) for every row, handed over in order in
/// pieces of some thousand rows. Returns the number of rows. Time O(n k d); memory 16 MiB of rows (or 256 rows).
/// Errors: as assign_rows, those of the source and of `take`.
Result<std::uint64_t> assign_streamed(RowSource& source, RowView<const float> centroids, const TakeLabels& take,
                                      WorkerPool& pool, const std::stop_token& stop = {});

}  // namespace fenqun::cluster
