// cluster/row_source.cpp
#include "cluster/row_source.hpp"

#include <algorithm>

namespace fenqun::cluster {

MatrixSource::MatrixSource(RowView<const float> rows, std::size_t piece_rows)
    : rows_(rows), piece_rows_(std::max<std::size_t>(piece_rows, 1)) {}

Result<void> MatrixSource::read(const TakeRows& take) {
  std::size_t begin = 0;
  while (begin < rows_.rows()) {
    const std::size_t count = std::min(piece_rows_, rows_.rows() - begin);
    FENQUN_CHECK(take({rows_.data() + begin * rows_.stride(), count, rows_.cols(), rows_.stride()}));
    begin += count;
  }
  return {};
}

}  // namespace fenqun::cluster
