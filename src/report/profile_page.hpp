// report/profile_page.hpp - the portraits of groups as a page: header figures, radar, curves, map, index table.
// Level 5. Skeleton, style and script are those of the report; sentences profile.* of
// config/texts/<language>/profile.yaml.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"
#include "report/page.hpp"
#include "segment/profile.hpp"
#include "segment/result.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fenqun::report {

struct ProfileSection {
  segment::RunResult run;
  segment::Portrait portrait;
  segment::Profile profile;
};

struct ProfileModel {
  Language language = Language::Chinese;
  std::string workspace_name;
  std::string as_of;         // "2026-06"
  std::string generated_at;  // local time, passed in by the caller
  std::string build;
  bool synthetic = false;
  std::vector<ProfileSection> sections;
};

/// One line of the index table of one group: what the page, the CSV and the workbook show alike.
struct ProfileLine {
  std::string block;  // code
  std::string item;   // feature, or "ticket.channel"
  std::string title;  // of the item
  std::string value;  // title of the code; empty for numbers and flags
  std::string own;    // as it reads
  std::string population;
  std::optional<double> own_number;
  std::optional<double> population_number;
  std::optional<double> index;
  bool is_significant = false;
};

/// The lines of one group in the order of blocks; of a code those that hold for at least 5 % of the group or of all.
std::vector<ProfileLine> lines_of(const ProfileSection& section, std::size_t group, const Wording& words);

/// Titles of what a block names and nobody has data for.
std::vector<std::string> without_data(const ProfileSection& section, const segment::PortraitBlock& block,
                                      const Wording& words);

/// Revenue per customer: computed from both, never stored. Absent without customers.
std::optional<double> average_revenue_cny(const segment::GroupPortrait& group);

/// Pure. Errors: InvalidArgument (`texts` are not in the model's language), NotFound (an asset), BadData (skeleton),
/// Io.
Result<std::string> render_profile_html(const ProfileModel& model, std::span<const features::Feature> features,
                                        const Texts& texts, const AssetStore& assets);

/// One row per scheme, group and line. CSV as report/sheet.hpp says.
std::string render_profile_csv(const ProfileModel& model, std::span<const features::Feature> features,
                               const Texts& texts);

/// The same as a workbook, with a sheet of header figures by group in front. Errors: Io.
Result<void> write_profile_xlsx(const ProfileModel& model, std::span<const features::Feature> features,
                                const Texts& texts, const std::filesystem::path& file);

// Inside the room.
void write_profile_charts(Page& page, const ProfileSection& section);

}  // namespace fenqun::report
