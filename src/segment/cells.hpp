// segment/cells.hpp - the customers of several runs of a month, put together by the groups they are in. Level 3, inside
// the room.
#pragma once

#include "segment/result.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fenqun::segment {

/// A cell is a set of customers that are in the same groups of all the runs. Counts and exact decimals add up to the
/// same whatever the order: what is summed once for each cell gives the sums of every group of every run, so that many
/// runs cost little more than one. The tables live as long as this.
class Cells {
 public:
  /// `scratch` names the scratch database. Errors: Io, Database, Cancelled.
  static Result<Cells> create(warehouse::Workspace& workspace, const std::string& scratch,
                              std::span<const RunResult> runs);

  /// Table: customer_id, cell. Whoever has a group in at least one of the runs.
  [[nodiscard]] const std::string& customers() const noexcept { return customers_; }
  /// Table: run (place among the runs), group_code, cell. A group's customers are those of all its cells.
  [[nodiscard]] const std::string& groups() const noexcept { return groups_; }
  /// A name for a further table beside them.
  [[nodiscard]] std::string table(const std::string& name) const;

  /// SQL: the rows of `sums` (any relation with column cell) for each group that has some: run, group_code and the
  /// columns of `sums`.
  [[nodiscard]] std::string by_group(const std::string& sums) const {
    return "(SELECT g.run, g.group_code, s.* FROM (" + sums + ") s JOIN " + groups_ + " g ON g.cell = s.cell)";
  }

 private:
  explicit Cells(warehouse::Workspace::Scratch scratch);
  warehouse::Workspace::Scratch scratch_;
  std::string customers_;
  std::string groups_;
};

/// Neighbours among `runs` that are looked at together, as [first, last) places: different ones of one month, with few
/// enough possible cells that a sum of each feature in each of them takes little memory.
struct RunBatch {
  std::size_t first = 0;
  std::size_t last = 0;
};
std::vector<RunBatch> batches_of(std::span<const RunResult> runs);

}  // namespace fenqun::segment
