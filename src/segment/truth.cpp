// segment/truth.cpp
#include "segment/truth.hpp"

#include "cluster/agreement.hpp"

#include <algorithm>

namespace fenqun::segment {

using warehouse::sql_name;
using warehouse::sql_text;

Result<TruthResult> compare_with_truth(warehouse::Workspace& workspace, const std::string& assigned,
                                       const std::filesystem::path& file, const std::string& column) {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(file, ec)) {
    return fail(ErrorCode::NotFound, "segment.no_truth", {{"path", file.string()}});
  }
  const std::string source = file.extension() == ".csv"
                                 ? "read_csv(" + sql_text(file.string()) + ", all_varchar = true, header = true)"
                                 : "read_parquet(" + sql_text(file.string()) + ")";
  auto& connection = workspace.connection();
  FENQUN_TRY(const auto head, connection.query("SELECT * FROM " + source + " LIMIT 0"));
  for (const std::string& needed : {std::string("customer_id"), column}) {
    if (std::find(head.columns.begin(), head.columns.end(), needed) == head.columns.end()) {
      return fail(ErrorCode::BadData, "segment.no_truth_column", {{"path", file.string()}, {"column", needed}});
    }
  }
  std::vector<std::uint32_t> found;
  std::vector<std::uint32_t> truth;
  FENQUN_CHECK(connection.stream(
      "SELECT dense_rank() OVER (ORDER BY a.group_code)::BIGINT - 1, dense_rank() OVER (ORDER BY t.truth)::BIGINT - 1 "
      "FROM " +
          assigned + " a JOIN (SELECT customer_id::VARCHAR AS customer_id, " + sql_name(column) +
          "::VARCHAR AS truth FROM " + source +
          ") t ON a.customer_id = t.customer_id WHERE a.group_code IS NOT NULL AND t.truth IS NOT NULL",
      [&](const warehouse::Chunk& chunk) -> Result<void> {
        for (std::size_t r = 0; r < chunk.rows(); ++r) {
          found.push_back(static_cast<std::uint32_t>(chunk.integer(0, r)));
          truth.push_back(static_cast<std::uint32_t>(chunk.integer(1, r)));
        }
        return {};
      }));
  if (found.empty()) return fail(ErrorCode::BadData, "segment.truth_disjoint", {{"path", file.string()}});
  FENQUN_TRY(const double index, cluster::adjusted_rand_index(found, truth));
  return TruthResult{column, index, static_cast<std::int64_t>(found.size())};
}

}  // namespace fenqun::segment
