// reader/source_report.cpp
#include "reader/source_report.hpp"

namespace fenqun::reader {

std::string_view name_of(LineKind kind) noexcept {
  switch (kind) {
    case LineKind::Title:
      return "title";
    case LineKind::RepeatedHeader:
      return "repeated_header";
    case LineKind::Total:
      return "total";
    case LineKind::RowCount:
      return "row_count";
  }
  return "title";
}

bool SourceReport::is_plain() const noexcept {
  const bool plain_table = format == SourceFormat::Parquet ||
                           (format == SourceFormat::Csv && encoding == Encoding::Utf8 && delimiter == ',');
  return plain_table && !is_gzip && headers <= 1 && titles + repeated_headers + closing + blank == 0;
}

}  // namespace fenqun::reader
