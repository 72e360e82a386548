// delivery/plan.cpp
#include "delivery/plan.hpp"

#include "base/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace fenqun::delivery {
namespace {

using warehouse::Contract;
using warehouse::ContractSet;

tl::unexpected<Error> wrong(const Settings& node, std::string key, std::string value, std::string expected) {
  return node.refuse("base.setting_wrong",
                     {{"key", std::move(key)}, {"value", std::move(value)}, {"expected", std::move(expected)}});
}

template <class Value>
Result<Value> choice(const Settings& from, const char* key, const char* fallback,
                     std::initializer_list<std::pair<std::string_view, Value>> known) {
  FENQUN_TRY(const auto name, from.text(key, fallback));
  std::string names;
  for (const auto& [each, value] : known) {
    if (each == name) return value;
    names += (names.empty() ? "" : ", ") + std::string(each);
  }
  return wrong(from, key, name, names);
}

Result<void> read_format(const Settings& from, DeliverySpec& out) {
  std::filesystem::path name(out.file);
  out.packed = name.extension() == ".gz";
  if (out.packed) name = name.stem();
  const auto ending = name.extension().string();
  if (ending == ".csv" || ending == ".txt" || ending == ".tsv") {
    out.format = Format::Csv;
  } else if (ending == ".xlsx" && !out.packed) {
    out.format = Format::Xlsx;
  } else if (ending == ".jsonl") {
    out.format = Format::JsonLines;
  } else if (ending == ".parquet" && !out.packed) {
    out.format = Format::Parquet;
  } else {
    return wrong(from, "file", out.file, "*.csv, *.txt, *.tsv, *.jsonl (also .gz), *.xlsx, *.parquet");
  }
  FENQUN_TRY(out.encoding, choice<Encoding>(from, "encoding", "utf-8",
                                            {{"utf-8", Encoding::Utf8},
                                             {"utf-8-mark", Encoding::Utf8Mark},
                                             {"gb18030", Encoding::Gb18030},
                                             {"utf-16", Encoding::Utf16}}));
  FENQUN_TRY(const auto delimiter, from.text("delimiter", ","));
  if (delimiter.size() != 1) return wrong(from, "delimiter", delimiter, "','  ';'  '|'  \"\\t\"");
  out.delimiter = delimiter.front();
  FENQUN_TRY(out.line_end, choice<std::string>(from, "line_end", "lf", {{"lf", "\n"}, {"crlf", "\r\n"}}));
  return {};
}

Result<void> check_fields(const Settings& from, const char* key, const Contract& contract,
                          const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (contract.find(name) == nullptr) return wrong(from, key, name, "a field of " + contract.entity);
  }
  return {};
}

Result<void> read_shape(const Settings& from, const Contract& contract, DeliverySpec& out) {
  FENQUN_TRY(out.columns, from.texts("columns"));
  FENQUN_CHECK(check_fields(from, "columns", contract, out.columns));
  FENQUN_TRY(out.headers,
             choice<Headers>(from, "headers", "chinese",
                             {{"name", Headers::Name}, {"chinese", Headers::Chinese}, {"synonym", Headers::Synonym}}));
  FENQUN_TRY(out.layout, choice<Layout>(from, "layout", "long",
                                        {{"long", Layout::Long},
                                         {"wide_days", Layout::WideDays},
                                         {"wide_customers", Layout::WideCustomers},
                                         {"wide_month_days", Layout::WideMonthDays},
                                         {"wide_hours", Layout::WideHours},
                                         {"wide_quarters", Layout::WideQuarters}}));
  FENQUN_TRY(out.measure, from.text("measure", "energy_kwh"));
  FENQUN_TRY(out.titles, from.texts("titles"));
  FENQUN_TRY(out.repeat_header_every, from.integer("repeat_header_every", 0));
  FENQUN_TRY(out.has_totals, from.boolean("totals", false));
  FENQUN_TRY(out.has_count, from.boolean("count_line", false));
  FENQUN_TRY(out.has_blank_column, from.boolean("blank_column", false));
  if (const auto sheets = from.find("sheets")) {
    FENQUN_TRY(const auto entries, sheets->entries());
    for (const auto& [name, where] : entries) {
      FENQUN_TRY(auto condition, where.text());
      out.sheets.push_back({name, std::move(condition)});
    }
  }
  const auto groups = from.find("groups");
  if (!groups) return {};
  FENQUN_TRY(const auto entries, groups->entries());
  for (const auto& entry : entries) {
    FENQUN_TRY(auto fields, groups->texts(entry.first));
    FENQUN_CHECK(check_fields(*groups, "groups", contract, fields));
    out.groups.emplace_back(entry.first, std::move(fields));
  }
  return {};
}

Result<void> read_faults(const Settings& from, DeliverySpec& out) {
  const auto faults = from.find("faults");
  if (!faults) return {};
  FENQUN_TRY(const auto entries, faults->entries());
  for (const auto& entry : entries) {
    const auto fault = parse_fault(entry.first);
    if (!fault) return wrong(*faults, "faults", entry.first, "impossible_date, negative, unknown_code ...");
    FENQUN_TRY(const double weight, faults->number(entry.first));
    if (weight <= 0 || weight > 100) return wrong(*faults, entry.first, fmt::format("{}", weight), "0..100");
    out.faults.emplace_back(*fault, weight);
  }
  return {};
}

Result<void> read_again(const Settings& from, const Contract& contract, const std::vector<DeliverySpec>& earlier,
                        DeliverySpec& out) {
  const auto known = [&](const std::string& file) {
    return std::any_of(earlier.begin(), earlier.end(), [&](const auto& spec) { return spec.file == file; });
  };
  FENQUN_TRY(out.same_as, from.text("same_as", ""));
  if (!out.same_as.empty() && !known(out.same_as)) return wrong(from, "same_as", out.same_as, "an earlier file");
  const auto node = from.find("again");
  if (!node) return {};
  FENQUN_CHECK(node->allow_only({"from", "changed", "unchanged", "repairs", "field"}));
  Again again;
  FENQUN_TRY(again.from, node->text("from"));
  if (!known(again.from)) return wrong(*node, "from", again.from, "an earlier file");
  FENQUN_TRY(again.changed, node->integer("changed", 0));
  FENQUN_TRY(again.unchanged, node->integer("unchanged", 0));
  FENQUN_TRY(again.repairs, node->boolean("repairs", false));
  FENQUN_TRY(again.field, node->text("field", ""));
  if (again.changed > 0) FENQUN_CHECK(check_fields(*node, "field", contract, {again.field}));
  out.again = std::move(again);
  return {};
}

Result<DeliverySpec> read_delivery(const Settings& from, const ContractSet& contracts,
                                   const std::vector<DeliverySpec>& earlier) {
  FENQUN_CHECK(from.allow_only({"file",   "entity",  "encoding", "delimiter",  "line_end",     "where",
                                "back",   "columns", "headers",  "layout",     "measure",      "sheets",
                                "titles", "groups",  "totals",   "count_line", "blank_column", "repeat_header_every",
                                "styles", "faults",  "again",    "same_as",    "adds",         "cut",
                                "late",   "lacks",   "mapping"}));
  DeliverySpec out;
  out.line = from.line();
  FENQUN_TRY(out.file, from.text("file"));
  FENQUN_TRY(out.entity, from.text("entity"));
  const auto* contract = contracts.find(out.entity);
  if (contract == nullptr) return wrong(from, "entity", out.entity, "an entity of config/contracts");
  FENQUN_CHECK(read_format(from, out));
  FENQUN_TRY(out.where, from.text("where", ""));
  FENQUN_CHECK(read_shape(from, *contract, out));
  if (from.has("back")) {
    FENQUN_TRY(const auto back, from.texts("back"));
    FENQUN_TRY(const auto list, from.child("back"));
    FENQUN_TRY(const auto items, list.items());
    if (items.size() != 2) return wrong(from, "back", std::to_string(items.size()), "[older, newer]");
    std::array<int, 2> months{};
    for (std::size_t i = 0; i < 2; ++i) months[i] = static_cast<int>(parse_integer(back[i]).value_or(-1));
    if (months[0] < months[1] || months[1] < 0)
      return wrong(from, "back", back[0], "[older, newer], 0: the last month");
    out.back = months;
  }
  if (const auto styles = from.find("styles")) {
    FENQUN_TRY(out.styles, read_styles(*styles));
  }
  FENQUN_CHECK(read_faults(from, out));
  FENQUN_CHECK(read_again(from, *contract, earlier, out));
  FENQUN_TRY(out.adds, from.boolean("adds", false));
  FENQUN_TRY(out.is_cut, from.boolean("cut", false));
  FENQUN_TRY(out.is_late, from.boolean("late", false));
  FENQUN_TRY(out.lacks, from.text("lacks", ""));
  const auto bare = std::filesystem::path(out.file).filename().string();
  const bool is_canonical = out.headers == Headers::Name && out.layout == Layout::Long && out.styles.units.empty();
  FENQUN_TRY(out.mapping, from.text("mapping", is_canonical ? "" : bare.substr(0, bare.find('.')) + ".yaml"));
  return out;
}

}  // namespace

Result<std::vector<DeliverySpec>> read_plan(const AssetStore& assets, const ContractSet& contracts) {
  FENQUN_TRY(const auto asset, assets.read("config/datagen/deliveries.yaml"));
  FENQUN_TRY(const auto root, Settings::parse(asset.text, asset.origin));
  FENQUN_CHECK(root.allow_only({"deliveries"}));
  FENQUN_TRY(const auto list, root.child("deliveries"));
  FENQUN_TRY(const auto items, list.items());
  std::vector<DeliverySpec> plan;
  for (const auto& item : items) {
    FENQUN_TRY(auto spec, read_delivery(item, contracts, plan));
    const bool is_twice =
        std::any_of(plan.begin(), plan.end(), [&](const auto& other) { return other.file == spec.file; });
    if (is_twice) return wrong(item, "file", spec.file, "a name of its own");
    plan.push_back(std::move(spec));
  }
  return plan;
}

}  // namespace fenqun::delivery
