// report/csv_report.cpp
#include "report/csv_report.hpp"

#include "report/clean_text.hpp"
#include "report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fenqun::report {
namespace {

class CsvWriter {
 public:
  void text(std::string_view value) {
    std::string clean = clean_text(value);
    if (!clean.empty() && std::string_view("=+-@\t").find(clean.front()) != std::string_view::npos)
      clean.insert(0, 1, '\'');
    cell(clean);
  }
  void integer(std::int64_t value) { cell(fmt::format("{}", value)); }
  /// At most `decimals`, without idle zeros.
  void number(std::optional<double> value, int decimals) {
    if (!value || !std::isfinite(*value)) return cell("");
    std::string digits = fmt::format("{:.{}f}", *value, decimals);
    if (digits.find('.') != std::string::npos) {
      digits.erase(digits.find_last_not_of('0') + 1);
      if (digits.back() == '.') digits.pop_back();
    }
    cell(digits == "-0" ? "0" : digits);
  }
  void end_row() {
    out_ += "\r\n";
    first_ = true;
  }
  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  void cell(std::string_view value) {
    if (!first_) out_ += ',';
    first_ = false;
    if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
      out_ += value;
      return;
    }
    out_ += '"';
    for (const char c : value) {
      if (c == '"') out_ += '"';
      out_ += c;
    }
    out_ += '"';
  }

  std::string out_ = "\xEF\xBB\xBF";
  bool first_ = true;
};

constexpr int kShareDecimals = 6;
constexpr int kMoneyDecimals = 2;
constexpr int kEnergyDecimals = 3;
constexpr int kIndexDecimals = 4;
constexpr int kValueDecimals = 6;

template <class Keys>
void write_titles(CsvWriter& csv, const Wording& words, const Keys& keys) {
  for (const auto* key : keys) csv.text(words(key));
  csv.end_row();
}

void write_scheme_cells(CsvWriter& csv, const Wording& words, const segment::RunResult& run) {
  csv.text(run.scheme);
  csv.text(words.in(run.scheme_title));
  csv.text(run.as_of.text());
  csv.text(run.run_id);
}

const segment::GroupPortrait* portrait_of(const segment::Portrait& portrait, const std::string& code) {
  const auto found = std::find_if(portrait.groups.begin(), portrait.groups.end(),
                                  [&](const auto& group) { return group.code == code; });
  return found == portrait.groups.end() ? nullptr : &*found;
}

void write_group(CsvWriter& csv, const Wording& words, const SchemeSection& section,
                 const segment::GroupResult& group) {
  const auto* own = portrait_of(section.portrait, group.code);
  const bool revenue = own != nullptr && section.portrait.has_revenue;
  const bool energy = own != nullptr && section.portrait.has_energy;
  write_scheme_cells(csv, words, section.run);
  csv.text(words("report.csv_group"));
  csv.text(group.code);
  csv.text(words.in(group.title));
  csv.integer(group.customers);
  csv.number(group.share, kShareDecimals);
  csv.number(revenue ? std::optional(own->revenue_12m_cny) : std::nullopt, kMoneyDecimals);
  csv.number(revenue ? std::optional(own->revenue_share) : std::nullopt, kShareDecimals);
  csv.number(revenue ? own->average_bill_cny : std::nullopt, kMoneyDecimals);
  csv.number(energy ? std::optional(own->energy_12m_kwh) : std::nullopt, kEnergyDecimals);
  csv.number(energy ? std::optional(own->energy_share) : std::nullopt, kShareDecimals);
  csv.end_row();
}

void write_unclassified(CsvWriter& csv, const Wording& words, const segment::RunResult& run,
                        const segment::UnclassifiedResult& reason) {
  write_scheme_cells(csv, words, run);
  csv.text(words("report.csv_unclassified"));
  csv.text(reason.code);
  csv.text(words.in(reason.reason));
  csv.integer(reason.customers);
  for (int i = 0; i < 6; ++i) csv.text("");
  csv.end_row();
}

/// One line of the portrait table.
struct Measured {
  const char* measure = "";  // text key
  std::string feature;
  std::optional<std::string> value;  // category: the code
  std::optional<std::int64_t> members;
  std::optional<double> own;
  std::optional<double> population;
  std::optional<double> index;
};

void write_measured(CsvWriter& csv, const Wording& words, const segment::RunResult& run,
                    const segment::GroupResult& group, const Measured& line) {
  const auto* feature = words.feature(line.feature);
  const bool is_share = feature == nullptr || feature->type != features::FeatureType::Number || line.value;
  write_scheme_cells(csv, words, run);
  csv.text(group.code);
  csv.text(words.in(group.title));
  csv.text(words(line.measure));
  csv.text(line.feature);
  csv.text(words.title(line.feature));
  csv.text(line.value.value_or(""));
  csv.text(line.value ? words.value_name(line.feature, *line.value) : "");
  if (line.members) {
    csv.integer(*line.members);
  } else {
    csv.text("");
  }
  csv.number(line.own, kValueDecimals);
  csv.number(line.population, kValueDecimals);
  csv.text(is_share && feature != nullptr ? "share" : feature != nullptr ? feature->unit : "");
  csv.number(line.index, kIndexDecimals);
  csv.end_row();
}

void write_group_portrait(CsvWriter& csv, const Wording& words, const SchemeSection& section,
                          const segment::GroupResult& group) {
  for (const auto& centre : group.centre) {
    write_measured(csv, words, section.run, group, {"report.csv_centre", centre.feature, {}, {}, centre.value, {}, {}});
  }
  const auto* own = portrait_of(section.portrait, group.code);
  if (own == nullptr) return;
  for (const auto& number : own->numbers) {
    const auto* feature = words.feature(number.feature);
    const bool flag = feature != nullptr && feature->type == features::FeatureType::Flag;
    write_measured(csv, words, section.run, group,
                   {flag ? "report.csv_yes" : "report.csv_mean",
                    number.feature,
                    {},
                    number.present,
                    number.mean,
                    number.population_mean,
                    number.index});
  }
  for (const auto& category : own->categories) {
    write_measured(csv, words, section.run, group,
                   {"report.csv_share", category.feature, category.value, category.customers, category.share,
                    category.population_share, category.index});
  }
}

}  // namespace

std::string render_groups_csv(const ReportModel& model, const Texts& texts) {
  const Wording words(texts, {});
  CsvWriter csv;
  write_titles(csv, words,
               std::initializer_list<const char*>{
                   "report.csv_scheme_code", "report.csv_scheme", "report.csv_month", "report.csv_run",
                   "report.csv_kind", "report.csv_group_code", "report.csv_group_title", "report.csv_customers",
                   "report.csv_customer_share", "report.csv_revenue", "report.csv_revenue_share",
                   "report.csv_average_bill", "report.csv_energy", "report.csv_energy_share"});
  for (const auto& section : model.schemes) {
    for (const auto& group : section.run.groups) write_group(csv, words, section, group);
    for (const auto& reason : section.run.unclassified) write_unclassified(csv, words, section.run, reason);
  }
  return std::move(csv).take();
}

std::string render_portrait_csv(const ReportModel& model, std::span<const features::Feature> features,
                                const Texts& texts) {
  const Wording words(texts, features);
  CsvWriter csv;
  write_titles(csv, words,
               std::initializer_list<const char*>{
                   "report.csv_scheme_code", "report.csv_scheme", "report.csv_month", "report.csv_run",
                   "report.csv_group_code", "report.csv_group_title", "report.csv_measure", "report.csv_attribute_code",
                   "report.csv_attribute", "report.csv_value_code", "report.csv_value", "report.csv_members",
                   "report.csv_own", "report.csv_population", "report.csv_unit", "report.csv_index"});
  for (const auto& section : model.schemes) {
    for (const auto& group : section.run.groups) write_group_portrait(csv, words, section, group);
  }
  return std::move(csv).take();
}

}  // namespace fenqun::report
