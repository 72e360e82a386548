// segment/table_rows.hpp - columns of a table or of Parquet files as rows for clustering, however many there are.
// Level 3.
#pragma once

#include "base/result.hpp"
#include "cluster/row_source.hpp"
#include "warehouse/database.hpp"

#include <string>
#include <vector>

namespace fenqun::segment {

/// Streams numeric columns as float rows, in the order of the table or file; holds one chunk (2,048 rows) at a time.
/// The connection is used alone while a pass lasts and must outlive this; Connection::watch stops it.
class TableRows final : public cluster::RowSource {
 public:
  /// `relation` is what stands behind FROM: a quoted name, or read_parquet('...'). Errors: InvalidArgument (no columns,
  /// a column that is not numeric), Database (unknown relation or column).
  static Result<TableRows> create(warehouse::Connection& connection, std::string relation,
                                  std::vector<std::string> columns);

  [[nodiscard]] std::size_t cols() const override { return columns_.size(); }
  /// Errors: BadData (missing value: names row, counted from 0, and column), Database, Cancelled, Io.
  Result<void> read(const cluster::TakeRows& take) override;

 private:
  TableRows(warehouse::Connection& connection, std::string relation, std::vector<std::string> columns);
  [[nodiscard]] Result<void> check_complete(const warehouse::Chunk& chunk, std::uint64_t first_row) const;

  warehouse::Connection* connection_;
  std::string relation_;
  std::vector<std::string> columns_;
};

}  // namespace fenqun::segment
