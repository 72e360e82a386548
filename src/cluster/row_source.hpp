// cluster/row_source.hpp - rows that come in pieces, for data larger than memory. Level 1: may include base/.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <functional>
#include <limits>

namespace fenqun::cluster {

/// Takes the next piece of a table, valid during the call. An error ends the reading.
using TakeRows = std::function<Result<void>(RowView<const float> piece)>;

/// A table that can be read from its beginning as often as needed, always with the same rows in the same order.
class RowSource {
 public:
  virtual ~RowSource() = default;
  [[nodiscard]] virtual std::size_t cols() const = 0;
  /// Hands over all rows, first to last, in pieces of cols() columns and of any number of rows, one call of `take` at
  /// a time. Returns the error of `take` at once and unchanged, or one of its own.
  virtual Result<void> read(const TakeRows& take) = 0;
};

/// A matrix in memory as such a table, in pieces of `piece_rows`. The matrix must outlive it.
class MatrixSource final : public RowSource {
 public:
  explicit MatrixSource(RowView<const float> rows, std::size_t piece_rows = std::numeric_limits<std::size_t>::max());
  [[nodiscard]] std::size_t cols() const override { return rows_.cols(); }
  Result<void> read(const TakeRows& take) override;

 private:
  RowView<const float> rows_;
  std::size_t piece_rows_;
};

}  // namespace fenqun::cluster
