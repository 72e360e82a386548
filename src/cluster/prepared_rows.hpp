// cluster/prepared_rows.hpp - checks rows and options of k-means and makes what its rounds look at. Level 1, inside the
// room.
#pragma once

#include "cluster/grouped_rows.hpp"
#include "cluster/kmeans.hpp"

#include <vector>

namespace fenqun::cluster {

/// Owns what `rows` looks at beyond the caller's rows. Not to be copied: `rows` would look at the other one's.
struct PreparedRows {
  PreparedRows() = default;
  PreparedRows(PreparedRows&&) = default;
  PreparedRows& operator=(PreparedRows&&) = default;
  ~PreparedRows() = default;

  GroupedRows rows;
  MissingReport missing;
  std::vector<float> factors;  // weight * columns / columns with a value
  std::vector<float> means;    // d, of the values there are
  Matrix<float> unit;          // rows of length 1
};

/// By options.distance, missing and row_weights. Errors: as fit_kmeans says of rows, row_weights and missing values,
/// but columns without values pass: check_columns().
Result<PreparedRows> prepare_rows(RowView<const float> rows, const KMeansOptions& options, WorkerPool& pool);

/// Errors: BadData (a column without values: names it).
Result<void> check_columns(const PreparedRows& prepared);

/// Brings every row to length 1. Errors: BadData, key `key` (a row of zeros: names it).
Result<void> make_unit(Matrix<float>& rows, WorkerPool& pool, const std::string& key);

}  // namespace fenqun::cluster
