// delivery/wide_file.cpp
#include "delivery/wide_file.hpp"

#include "base/number.hpp"

#include <fmt/format.h>

namespace fenqun::delivery {

WideFile::WideFile(const DeliverySpec& spec, const Fields& fields, std::vector<std::string> columns, RecordSink& sink,
                   Ledger& ledger, Random random)
    : spec_(spec), fields_(fields), columns_(std::move(columns)), sink_(sink), ledger_(ledger), random_(random) {
  for (std::size_t i = 0; i < columns_.size(); ++i) place_[columns_[i]] = i + 1;
  counts_.file = spec.file;
  counts_.mapping = spec.mapping;
  counts_.entity = spec.entity;
  counts_.outcome = "loaded";
}

Result<void> WideFile::begin() {
  const bool by_day = spec_.layout == Layout::WideDays;
  const auto names = header_of(spec_, fields_);
  std::vector<HeaderCell> header = {names[by_day ? 0 : 1]};
  for (const auto& column : columns_) {
    header.push_back({"", by_day ? styled(*fields_[1], column, spec_.styles, random_).text : column});
  }
  if (spec_.has_totals) header.push_back({"", "合计"});
  FENQUN_CHECK(sink_.sheet(""));
  return sink_.header(header);
}

Result<void> WideFile::add(const std::vector<Canonical>& row, std::optional<Fault> fault) {
  const bool by_day = spec_.layout == Layout::WideDays;
  const auto& record = row[by_day ? 0 : 1];
  const auto& column = row[by_day ? 1 : 0];
  if (*record != record_) {
    FENQUN_CHECK(put_record());
    record_ = *record;
    cells_.assign(columns_.size() + 1, OutCell{});
    cells_[0] = styled(*fields_[by_day ? 0 : 1], record, spec_.styles, random_);
    total_ = 0;
  }
  Planted item{spec_.file, 0, "", spec_.entity, *row[0] + " / " + *row[1], spec_.measure, "", "", "", ""};
  if (fault == Fault::Gap || fault == Fault::LongGap) {
    item.fault = traits_of(*fault).name;
    item.fate = "absent";
    pending_.push_back(std::move(item));
    return {};
  }
  const auto at = place_.at(*column);
  cells_[at] = styled(*fields_[2], row[2], spec_.styles, random_);
  ++counts_.rows_in;
  if (!fault) {
    total_ += parse_number(*row[2]).value_or(0);
    ++counts_.loaded;
    return {};
  }
  const auto wrong = damage(*fault, {fields_[2]}, {}, {row[2]}, random_);
  if (!wrong || wrong->cell.text.empty()) {
    return fail(
        ErrorCode::BadData, "delivery.no_place",
        {{"file", spec_.file}, {"fault", std::string(traits_of(*fault).name)}, {"line", std::to_string(spec_.line)}});
  }
  cells_[at] = wrong->cell;
  ++counts_.rejected;
  item.value = wrong->cell.text;
  item.fault = traits_of(*fault).name;
  item.fate = "rejected";
  item.reason = reason_for(*fault, *fields_[2]);
  pending_.push_back(std::move(item));
  return {};
}

Result<void> WideFile::put_record() {
  if (record_.empty()) return {};
  if (spec_.has_totals) cells_.push_back({OutCell::Kind::Text, fmt::format("{:.2f}", total_)});
  FENQUN_TRY(const auto line, sink_.record(cells_));
  for (auto& item : pending_) {
    item.line = line;
    ledger_.plant(std::move(item));
  }
  pending_.clear();
  return {};
}

Result<void> WideFile::end() { return put_record(); }

}  // namespace fenqun::delivery
