// report/profile_sheets.cpp - portraits as CSV and as a workbook.
#include "report/profile_page.hpp"
#include "report/sheet.hpp"

namespace fenqun::report {
namespace {

SheetCell number_or_none(std::optional<double> value) { return value ? SheetCell(*value) : SheetCell(); }

Sheet groups_sheet(const ProfileModel& model, const Wording& words) {
  Sheet out{words("profile.sheet_groups"),
            {words("report.csv_scheme"), words("report.csv_month"), words("report.csv_group"),
             words("profile.csv_proposed"), words("report.csv_customers"), words("report.csv_customer_share"),
             words("report.csv_revenue"), words("report.csv_revenue_share"), words("profile.csv_average_revenue"),
             words("profile.csv_receivable"), words("report.csv_energy"), words("report.csv_energy_share"),
             words("profile.csv_typical"), words("report.csv_run")},
            {}};
  for (const auto& section : model.sections) {
    for (std::size_t g = 0; g < section.run.groups.size(); ++g) {
      const auto& portrait = section.portrait.groups[g];
      const auto& profile = section.profile.groups[g];
      const auto money = [&](double value) { return section.portrait.has_revenue ? SheetCell(value) : SheetCell(); };
      const auto energy = [&](double value) { return section.portrait.has_energy ? SheetCell(value) : SheetCell(); };
      out.rows.push_back({words.in(section.run.scheme_title), model.as_of, words.in(section.run.groups[g].title),
                          words.in(profile.proposed_name), static_cast<double>(portrait.customers),
                          portrait.customer_share, money(portrait.revenue_12m_cny), money(portrait.revenue_share),
                          section.portrait.has_revenue ? number_or_none(average_revenue_cny(portrait)) : SheetCell(),
                          money(profile.receivable_cny), energy(portrait.energy_12m_kwh), energy(portrait.energy_share),
                          masked_customer(profile.typical_customer), section.run.run_id});
    }
  }
  return out;
}

Sheet indices_sheet(const ProfileModel& model, const Wording& words) {
  Sheet out{words("profile.sheet_indices"),
            {words("report.csv_scheme"), words("report.csv_group"), words("profile.csv_block"),
             words("report.csv_attribute_code"), words("report.csv_attribute"), words("report.csv_value"),
             words("report.csv_own"), words("report.csv_population"), words("report.csv_index"),
             words("profile.csv_significant")},
            {}};
  for (const auto& section : model.sections) {
    for (std::size_t g = 0; g < section.run.groups.size(); ++g) {
      for (const auto& line : lines_of(section, g, words)) {
        std::string block = line.block;
        for (const auto& own : section.profile.blocks) {
          if (own.code == line.block) block = words.in(own.title);
        }
        out.rows.push_back({words.in(section.run.scheme_title), words.in(section.run.groups[g].title), block, line.item,
                            line.title, line.value, number_or_none(line.own_number),
                            number_or_none(line.population_number), number_or_none(line.index),
                            words(line.is_significant ? "explain.yes" : "explain.no")});
      }
    }
  }
  return out;
}

}  // namespace

std::string render_profile_csv(const ProfileModel& model, std::span<const features::Feature> features,
                               const Texts& texts) {
  return sheet_csv(indices_sheet(model, Wording(texts, features)));
}

Result<void> write_profile_xlsx(const ProfileModel& model, std::span<const features::Feature> features,
                                const Texts& texts, const std::filesystem::path& file) {
  const Wording words(texts, features);
  return write_workbook({groups_sheet(model, words), indices_sheet(model, words)}, file);
}

}  // namespace fenqun::report
