// delivery/long_file.cpp
#include "delivery/long_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::delivery {
namespace {

using warehouse::FieldType;

constexpr std::int64_t kUnknownCustomers = 9'999'000'000;  // no profile gives such numbers

std::int64_t scaled(const std::string& plain) {
  std::int64_t out = 0;
  for (const char c : plain) {
    if (c >= '0' && c <= '9') out = out * 10 + (c - '0');
  }
  return plain.front() == '-' ? -out : out;
}

std::string unscaled(std::int64_t value, int scale) {
  auto text = fmt::format("{:0{}}", std::abs(value), scale + 1);
  if (scale > 0) text.insert(text.size() - static_cast<std::size_t>(scale), 1, '.');
  return (value < 0 ? "-" : "") + text;
}

}  // namespace

LongFile::LongFile(const DeliverySpec& spec, const warehouse::Contract& contract, Fields fields, RecordSink& sink,
                   Ledger& ledger, Random random)
    : spec_(spec),
      contract_(contract),
      fields_(std::move(fields)),
      header_(header_of(spec, fields_)),
      sink_(sink),
      ledger_(ledger),
      random_(random) {
  counts_.file = spec.file;
  counts_.mapping = spec.mapping;
  counts_.entity = spec.entity;
  counts_.outcome = "loaded";
}

Result<void> LongFile::begin(const SheetSpec& sheet) {
  sheet_ = sheet.name;
  records_ = 0;
  totals_.assign(fields_.size(), 0);
  FENQUN_CHECK(sink_.sheet(sheet.name));
  for (const auto& title : spec_.titles) FENQUN_CHECK(sink_.title(title));
  return put_header();
}

Result<void> LongFile::put_header() {
  auto header = header_;
  if (spec_.has_blank_column) header.insert(header.begin() + 1, HeaderCell{});
  return sink_.header(header);
}

std::string LongFile::key_of(const std::vector<Canonical>& row) const {
  std::string out;
  for (const auto& name : contract_.key) {
    const auto at =
        std::find_if(fields_.begin(), fields_.end(), [&](const auto* field) { return field->name == name; });
    if (at == fields_.end()) continue;
    auto text = row[static_cast<std::size_t>(at - fields_.begin())].value_or("");
    if ((*at)->type == FieldType::Month) text = text.substr(0, 7);
    out += (out.empty() ? "" : " / ") + text;
  }
  return out;
}

std::vector<OutCell> LongFile::cells_of(const std::vector<Canonical>& row) {
  std::vector<OutCell> out;
  for (std::size_t i = 0; i < row.size(); ++i) out.push_back(styled(*fields_[i], row[i], spec_.styles, random_));
  return out;
}

Result<std::int64_t> LongFile::put(const std::vector<OutCell>& cells) {
  if (spec_.repeat_header_every > 0 && records_ > 0 && records_ % spec_.repeat_header_every == 0) {
    FENQUN_CHECK(put_header());
  }
  ++records_;
  ++counts_.rows_in;
  if (!spec_.has_blank_column) return sink_.record(cells);
  auto wider = cells;
  wider.insert(wider.begin() + 1, OutCell{});
  return sink_.record(wider);
}

void LongFile::plant(std::int64_t line, const std::vector<Canonical>& row, std::string column, std::string value,
                     Fault fault, std::string fate, std::string reason) {
  ledger_.plant({spec_.file, line, sheet_, spec_.entity, key_of(row), std::move(column), std::move(value),
                 std::string(traits_of(fault).name), std::move(fate), std::move(reason)});
}

// Each of the two names the other.
void LongFile::plant_conflict(const Copy& copy, std::int64_t line) {
  std::string columns;
  for (const auto& name : contract_.key) columns += (columns.empty() ? "" : " / ") + name;
  const auto key = key_of(copy.row);
  const std::string reason(traits_of(copy.fault).reason);
  plant(copy.line, copy.row, columns, fmt::format("{} (line {})", key, line), copy.fault, "rejected", reason);
  plant(line, copy.row, columns, fmt::format("{} (line {})", key, copy.line), copy.fault, "rejected", reason);
}

tl::unexpected<Error> LongFile::no_place(Fault fault) const {
  return fail(
      ErrorCode::BadData, "delivery.no_place",
      {{"file", spec_.file}, {"fault", std::string(traits_of(fault).name)}, {"line", std::to_string(spec_.line)}});
}

Result<void> LongFile::add(const std::vector<Canonical>& row, std::optional<Fault> fault) {
  if (fault) {
    switch (*fault) {
      case Fault::Gap:
      case Fault::LongGap:
        plant(0, row, "", "", *fault, "absent", "");
        return {};
      case Fault::ExtraColumn:
      case Fault::MissingColumns:
      case Fault::BrokenJson:
        return put_broken(row, *fault);
      case Fault::CutLastLine:
        last_ = row;
        return {};
      case Fault::Spike:
      case Fault::Rollover:
        return put_swollen(row, *fault);
      case Fault::DuplicateInFile:
      case Fault::Conflict:
      case Fault::Orphan:
        break;
      default:
        return put_damaged(row, *fault);
    }
  }
  FENQUN_TRY(const auto line, put(cells_of(row)));
  if (fault) copies_.push_back({row, *fault, line});
  if (fault == Fault::Conflict) {
    ++counts_.rejected;
    return {};
  }
  ++(spec_.adds ? counts_.superseded : counts_.loaded);
  add_to_totals(row);
  return {};
}

Result<void> LongFile::put_damaged(const std::vector<Canonical>& row, Fault fault) {
  const auto wrong = damage(fault, fields_, contract_.key, row, random_);
  if (!wrong) return no_place(fault);
  auto cells = cells_of(row);
  cells[wrong->column] = wrong->cell;
  FENQUN_TRY(const auto line, put(cells));
  ++counts_.rejected;
  const auto& field = *fields_[wrong->column];
  plant(line, row, full_name(header_[wrong->column]), wrong->cell.text, fault, "rejected", reason_for(fault, field));
  return {};
}

Result<void> LongFile::put_swollen(const std::vector<Canonical>& row, Fault fault) {
  const auto at =
      std::find_if(fields_.begin(), fields_.end(), [&](const auto* field) { return field->name == spec_.measure; });
  if (at == fields_.end()) return no_place(fault);
  const auto place = static_cast<std::size_t>(at - fields_.begin());
  auto now = row;
  now[place] = swollen(fault, row[place]);
  FENQUN_TRY(const auto line, put(cells_of(now)));
  ++counts_.loaded;
  plant(line, now, full_name(header_[place]), now[place].value_or(""), fault, "loaded", "");
  return {};
}

Result<void> LongFile::put_broken(const std::vector<Canonical>& row, Fault fault) {
  const auto cells = cells_of(row);
  if (spec_.format != Format::Csv && fault != Fault::BrokenJson) return no_place(fault);
  auto text =
      fault == Fault::BrokenJson ? "{\"" + header_[0].name + "\":\"" + cells[0].text : csv_line(cells, spec_.delimiter);
  // Somebody put a remark behind; somebody pressed Enter within a record.
  if (fault == Fault::ExtraColumn)
    text += std::string(1, spec_.delimiter) + "见附件" + std::string(1, spec_.delimiter) + "已核";
  if (fault == Fault::MissingColumns) text = csv_line({cells.begin(), cells.begin() + 2}, spec_.delimiter);
  FENQUN_TRY(const auto line, sink_.broken(text, true));
  ++records_;
  ++counts_.rows_in;
  ++counts_.rejected;
  plant(line, row, "", "", fault, "rejected", std::string(traits_of(fault).reason));
  return {};
}

Result<void> LongFile::put_copy(const Copy& copy) {
  auto row = copy.row;
  if (copy.fault == Fault::Conflict) {
    for (std::size_t i = 0; i < row.size() && row == copy.row; ++i) {
      const auto& name = fields_[i]->name;
      const bool is_key = std::find(contract_.key.begin(), contract_.key.end(), name) != contract_.key.end();
      if (!is_key) row[i] = altered(*fields_[i], row[i]);
    }
    if (row == copy.row) return no_place(copy.fault);
  }
  std::string value, column;
  if (copy.fault == Fault::Orphan) {
    const auto at =
        std::find_if(fields_.begin(), fields_.end(), [](const auto* f) { return f->name == "customer_id"; });
    if (at == fields_.end()) return no_place(copy.fault);
    const auto place = static_cast<std::size_t>(at - fields_.begin());
    row[place] = value = std::to_string(kUnknownCustomers + ++orphans_);
    column = full_name(header_[place]);
    // A key that is not the customer's own must be a new one.
    const auto& key = contract_.key.front();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (fields_[i]->name == key && key != "customer_id") row[i] = row[i].value_or("") + "-9";
    }
  }
  FENQUN_TRY(const auto line, put(cells_of(row)));
  if (copy.fault == Fault::Conflict) {
    ++counts_.rejected;
    plant_conflict(copy, line);
  } else if (copy.fault == Fault::Orphan) {
    ++counts_.loaded;
    plant(line, row, column, value, copy.fault, "loaded", "");
  } else {
    ++counts_.duplicate;
    plant(line, row, "", "", copy.fault, "duplicate", "");
  }
  return {};
}

Result<void> LongFile::bring_back(const std::vector<Canonical>& row, Return how, const std::string& field) {
  auto now = row;
  std::string column, value;
  for (std::size_t i = 0; i < now.size() && how == Return::Changed; ++i) {
    if (fields_[i]->name != field) continue;
    now[i] = altered(*fields_[i], now[i]);
    column = full_name(header_[i]);
    value = now[i].value_or("");
  }
  const bool is_changed = now != row;
  FENQUN_TRY(const auto line, put(cells_of(now)));
  const char* fate = how == Return::Repaired ? "loaded" : is_changed ? "superseded" : "duplicate";
  auto& count = how == Return::Repaired ? counts_.loaded : is_changed ? counts_.superseded : counts_.duplicate;
  ++count;
  const char* fault = how == Return::Repaired ? "repaired_later" : is_changed ? "corrected_later" : "sent_again";
  ledger_.plant({spec_.file, line, sheet_, spec_.entity, key_of(now), column, value, fault, fate, ""});
  return {};
}

void LongFile::add_to_totals(const std::vector<Canonical>& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (fields_[i]->type == FieldType::Decimal && row[i]) totals_[i] += scaled(*row[i]);
  }
}

Result<void> LongFile::put_closing_lines() {
  if (spec_.has_totals) {
    std::vector<OutCell> cells(fields_.size());
    cells[0] = {OutCell::Kind::Text, "合计"};
    for (std::size_t i = 1; i < fields_.size(); ++i) {
      const bool adds_up = fields_[i]->unit == "kWh" || fields_[i]->unit == "CNY";
      if (adds_up) cells[i] = {OutCell::Kind::Text, unscaled(totals_[i], fields_[i]->scale)};
    }
    if (spec_.has_blank_column) cells.insert(cells.begin() + 1, OutCell{});
    FENQUN_CHECK(sink_.record(cells));
  }
  if (!spec_.has_count) return {};
  return sink_.title(fmt::format("共 {} 条", records_));
}

Result<void> LongFile::end() {
  for (const auto& copy : copies_) FENQUN_CHECK(put_copy(copy));
  copies_.clear();
  FENQUN_CHECK(put_closing_lines());
  if (!last_) return {};
  if (spec_.format != Format::Csv) return no_place(Fault::CutLastLine);
  const auto cells = cells_of(*last_);
  FENQUN_TRY(const auto line, sink_.broken(csv_line({cells.begin(), cells.begin() + 2}, spec_.delimiter), false));
  ++counts_.rows_in;
  ++counts_.rejected;
  plant(line, *last_, "", "", Fault::CutLastLine, "rejected", std::string(traits_of(Fault::CutLastLine).reason));
  last_.reset();
  return {};
}

}  // namespace fenqun::delivery
