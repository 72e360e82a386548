// delivery/courier.cpp
#include "delivery/courier.hpp"

#include "base/file.hpp"
#include "delivery/wide_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::delivery {
namespace {

/// A number of its own for each text (FNV-1a, 64 bits).
std::uint64_t number_of(const std::string& text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash;
}

std::vector<SheetSpec> sheets_of(const DeliverySpec& spec) {
  return spec.sheets.empty() ? std::vector<SheetSpec>{{}} : spec.sheets;
}

const DeliverySpec& named(const std::vector<DeliverySpec>& plan, const std::string& file) {
  return *std::find_if(plan.begin(), plan.end(), [&](const auto& spec) { return spec.file == file; });
}

bool is_rejected(Fault fault) { return !traits_of(fault).reason.empty(); }

/// `count` numbers below `rows` that are in none of the two.
void choose(std::int64_t count, std::int64_t rows, const std::map<std::int64_t, Fault>& apart, Random& random,
            std::map<std::int64_t, LongFile::Return>& out, LongFile::Return how) {
  const auto free = rows - static_cast<std::int64_t>(apart.size() + out.size());
  for (std::int64_t i = 0; i < std::min(count, free); ++i) {
    auto row = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(rows)));
    while (apart.contains(row) || out.contains(row)) row = (row + 1) % rows;
    out.emplace(row, how);
  }
}

}  // namespace

Result<std::vector<std::map<std::int64_t, Fault>>> Courier::faults_of(const DeliverySpec& spec) {
  std::vector<std::map<std::int64_t, Fault>> out;
  for (const auto& sheet : sheets_of(spec)) {
    FENQUN_TRY(const auto rows, utility_.count(spec, sheet));
    const Random random(options_.seed, number_of(spec.file + "#" + sheet.name));
    out.push_back(choose_rows(spec.faults, rows, options_.share, random));
  }
  return out;
}

Result<void> Courier::copy(const DeliverySpec& spec, const std::vector<DeliverySpec>& plan) {
  std::error_code error;
  std::filesystem::copy_file(options_.folder / spec.same_as, options_.folder / spec.file, error);
  if (error) return fail(ErrorCode::Io, "base.cannot_write", {{"path", spec.file}, {"reason", error.message()}});
  ledger_.plant({spec.file, 0, "", spec.entity, "", "", "", "file_again", "already_loaded", ""});
  Expected expected{spec.file, named(plan, spec.same_as).mapping, spec.entity, "already_loaded", 0, 0, 0, 0, 0};
  ledger_.expect(std::move(expected));
  return {};
}

Result<void> Courier::cut(const DeliverySpec& spec) const {
  std::error_code error;
  const auto path = options_.folder / spec.file;
  const auto size = std::filesystem::file_size(path, error);
  if (!error) std::filesystem::resize_file(path, size * 2 / 3, error);
  if (error) return fail(ErrorCode::Io, "base.cannot_write", {{"path", spec.file}, {"reason", error.message()}});
  return {};
}

Result<void> Courier::make(const DeliverySpec& spec, const std::vector<DeliverySpec>& plan) {
  if (!spec.same_as.empty()) return copy(spec, plan);
  FENQUN_TRY(const auto fields, utility_.fields_of(spec));
  const auto path = options_.folder / spec.file;
  FENQUN_TRY(auto sink, make_sink({path, spec.format, spec.encoding, spec.packed, spec.delimiter, spec.line_end},
                                  utility_.writer()));
  if (!spec.mapping.empty()) {
    FENQUN_CHECK(write_file_atomically(options_.folder / "mappings" / spec.mapping,
                                       mapping_of(spec, fields, header_of(spec, fields))));
  }
  const bool is_refused = spec.is_cut || !spec.lacks.empty();
  Ledger nowhere;  // of a file that is refused whole nothing else is to be told
  auto& ledger = is_refused ? nowhere : ledger_;
  const Random random(options_.seed, number_of(spec.file));
  Expected counts;
  if (spec.layout == Layout::Long) {
    FENQUN_TRY(counts, make_long(spec, plan, fields, *sink, ledger, random));
  } else {
    FENQUN_TRY(counts, make_wide(spec, fields, *sink, ledger, random));
  }
  FENQUN_CHECK(sink->close());
  if (spec.is_cut) FENQUN_CHECK(cut(spec));
  if (is_refused) {
    const char* fault = spec.is_cut ? "cut_file" : "missing_column";
    ledger_.plant({spec.file, 0, "", spec.entity, "", spec.lacks, "", fault, "refused", ""});
    counts = {spec.file, spec.mapping, spec.entity, "refused", 0, 0, 0, 0, 0};
  }
  if (spec.is_late) ledger_.plant({spec.file, 0, "", spec.entity, "", "", "", "late_month", "loaded", ""});
  ledger_.expect(std::move(counts));
  return {};
}

Result<Expected> Courier::make_long(const DeliverySpec& spec, const std::vector<DeliverySpec>& plan,
                                    const Fields& fields, RecordSink& sink, Ledger& ledger, Random random) {
  LongFile file(spec, utility_.contract(spec), fields, sink, ledger, random);
  if (spec.again) {
    FENQUN_CHECK(bring_back(spec, named(plan, spec.again->from), fields, file, random));
    return file.counts();
  }
  FENQUN_TRY(const auto faults, faults_of(spec));
  const auto sheets = sheets_of(spec);
  for (std::size_t s = 0; s < sheets.size(); ++s) {
    FENQUN_CHECK(file.begin(sheets[s]));
    std::int64_t gap_until = -1;
    std::string gap_customer;
    FENQUN_CHECK(utility_.stream(spec, sheets[s], fields, {},
                                 [&](std::int64_t number, const std::vector<Canonical>& row) -> Result<void> {
                                   return file.add(row, fault_at(faults[s], number, row, gap_until, gap_customer));
                                 }));
    FENQUN_CHECK(file.end());
  }
  return file.counts();
}

std::optional<Fault> Courier::fault_at(const std::map<std::int64_t, Fault>& faults, std::int64_t number,
                                       const std::vector<Canonical>& row, std::int64_t& gap_until,
                                       std::string& gap_customer) {
  constexpr std::int64_t kLongGap = 12;  // days
  const auto at = faults.find(number);
  if (at != faults.end() && at->second == Fault::LongGap) {
    gap_until = number + kLongGap;
    gap_customer = row[0].value_or("");
  }
  if (number < gap_until && row[0].value_or("") == gap_customer) return Fault::LongGap;
  return at == faults.end() ? std::nullopt : std::optional(at->second);
}

Result<void> Courier::bring_back(const DeliverySpec& spec, const DeliverySpec& from, const Fields& fields,
                                 LongFile& file, Random random) {
  FENQUN_TRY(const auto faults, faults_of(from));
  const auto sheets = sheets_of(from);
  FENQUN_CHECK(file.begin(sheets_of(spec).front()));
  for (std::size_t s = 0; s < sheets.size(); ++s) {
    FENQUN_TRY(const auto rows, utility_.count(from, sheets[s]));
    std::map<std::int64_t, LongFile::Return> chosen;
    choose(spec.again->changed, rows, faults[s], random, chosen, LongFile::Return::Changed);
    choose(spec.again->unchanged, rows, faults[s], random, chosen, LongFile::Return::Unchanged);
    for (const auto& [number, fault] : faults[s]) {
      if (spec.again->repairs && is_rejected(fault)) chosen.emplace(number, LongFile::Return::Repaired);
    }
    std::vector<std::int64_t> numbers;
    numbers.reserve(chosen.size());
    for (const auto& entry : chosen) numbers.push_back(entry.first);
    if (numbers.empty()) continue;
    FENQUN_CHECK(utility_.stream(from, sheets[s], fields, numbers,
                                 [&](std::int64_t number, const std::vector<Canonical>& row) -> Result<void> {
                                   return file.bring_back(row, chosen.at(number), spec.again->field);
                                 }));
  }
  return file.end();
}

Result<Expected> Courier::make_wide(const DeliverySpec& spec, const Fields& fields, RecordSink& sink, Ledger& ledger,
                                    Random random) {
  const bool by_day = spec.layout == Layout::WideDays;
  FENQUN_TRY(const auto columns, utility_.distinct(spec, by_day ? fields[1]->name : fields[0]->name));
  WideFile file(spec, fields, columns, sink, ledger, random);
  FENQUN_CHECK(file.begin());
  FENQUN_TRY(const auto faults, faults_of(spec));
  std::int64_t gap_until = -1;
  std::string gap_customer;
  FENQUN_CHECK(utility_.stream(spec, {}, fields, {},
                               [&](std::int64_t number, const std::vector<Canonical>& row) -> Result<void> {
                                 return file.add(row, fault_at(faults[0], number, row, gap_until, gap_customer));
                               }));
  FENQUN_CHECK(file.end());
  return file.counts();
}

}  // namespace fenqun::delivery
