// delivery/wide_file.cpp
#include "delivery/wide_file.hpp"

#include "base/number.hpp"

#include <fmt/format.h>

namespace fenqun::delivery {

WideFile::WideFile(const DeliverySpec& spec, const Fields& fields, const std::vector<std::string>& values,
                   RecordSink& sink, Ledger& ledger, Random random)
    : spec_(spec),
      fields_(fields),
      sink_(sink),
      ledger_(ledger),
      random_(random),
      shape_(WideShape::create(spec, fields, values, random_)) {
  counts_.file = spec.file;
  counts_.mapping = spec.mapping;
  counts_.entity = spec.entity;
  counts_.outcome = "loaded";
}

Result<void> WideFile::begin() {
  auto header = shape_.kept();
  for (const auto& name : shape_.names()) header.push_back({"", name});
  if (spec_.has_totals) header.push_back({"", "合计"});
  FENQUN_CHECK(sink_.sheet(""));
  return sink_.header(header);
}

Result<void> WideFile::add(const std::vector<Canonical>& row, std::optional<Fault> fault) {
  if (auto record = shape_.record_of(row); record != record_) {
    FENQUN_CHECK(put_record());
    record_ = std::move(record);
    cells_ = shape_.kept_of(row, random_);
    cells_.resize(cells_.size() + shape_.names().size());
    total_ = 0;
  }
  Planted item{spec_.file, 0, "", spec_.entity, *row[0] + " / " + *row[1], spec_.measure, "", "", "", ""};
  if (fault == Fault::Gap || fault == Fault::LongGap) {
    item.fault = traits_of(*fault).name;
    item.fate = "absent";
    pending_.push_back(std::move(item));
    return {};
  }
  const auto at = shape_.kept().size() + shape_.column_of(row);
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
