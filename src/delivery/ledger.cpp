// delivery/ledger.cpp
#include "delivery/ledger.hpp"

#include "base/file.hpp"
#include "delivery/record_sink.hpp"

namespace fenqun::delivery {
namespace {

std::string line_of(const std::vector<std::string>& texts) {
  std::vector<OutCell> cells;
  cells.reserve(texts.size());
  for (const auto& text : texts) cells.push_back({OutCell::Kind::Text, text});
  return csv_line(cells, ',') + "\n";
}

}  // namespace

Result<void> Ledger::write(const std::filesystem::path& folder) const {
  auto planted = line_of({"file", "line", "sheet", "entity", "key", "column", "value", "fault", "fate", "reason"});
  for (const auto& item : planted_) {
    planted += line_of({item.file, std::to_string(item.line), item.sheet, item.entity, item.key, item.column,
                        item.value, item.fault, item.fate, item.reason});
  }
  FENQUN_CHECK(write_file_atomically(folder / "planted.csv", planted));
  auto deliveries = line_of(
      {"order", "file", "mapping", "entity", "outcome", "rows_in", "loaded", "duplicate", "superseded", "rejected"});
  std::size_t order = 0;
  for (const auto& file : expected_) {
    deliveries += line_of({std::to_string(++order), file.file, file.mapping, file.entity, file.outcome,
                           std::to_string(file.rows_in), std::to_string(file.loaded), std::to_string(file.duplicate),
                           std::to_string(file.superseded), std::to_string(file.rejected)});
  }
  return write_file_atomically(folder / "deliveries.csv", deliveries);
}

}  // namespace fenqun::delivery
