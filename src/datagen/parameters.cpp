// datagen/parameters.cpp - the files of config/datagen, read as one.
#include "datagen/parameters.hpp"

#include "base/file.hpp"
#include "datagen/parameter_reading.hpp"

#include <algorithm>

namespace fenqun::datagen {
namespace {

constexpr std::string_view kProfiles = "config/datagen/profiles";

Result<Settings> open(const AssetStore& assets, const std::string& path, std::string& all_bytes) {
  FENQUN_TRY(const auto asset, assets.read(path));
  all_bytes += asset.text;
  return Settings::parse(asset.text, asset.origin);
}

/// The profile's path, only if the store lists it: a name must not climb out of the folder.
Result<std::string> profile_path(const AssetStore& assets, const std::string& profile) {
  const auto paths = assets.list(kProfiles, ".yaml");
  std::string names;
  for (const auto& path : paths) {
    const auto name = path.substr(kProfiles.size() + 1, path.size() - kProfiles.size() - 6);
    if (name == profile) return path;
    names += (names.empty() ? "" : ", ") + name;
  }
  return fail(ErrorCode::NotFound, "datagen.no_profile", {{"profile", profile}, {"known", names}});
}

Result<HolidayYear> read_year(const std::string& year, const Settings& from) {
  FENQUN_CHECK(from.allow_only({"spring_festival", "rest", "work"}));
  HolidayYear out;
  FENQUN_TRY(const auto first_day, day_of(from, year + "-01-01"));
  static_cast<void>(first_day);
  out.year = std::stoi(year);
  FENQUN_TRY(const auto festival, from.text("spring_festival"));
  FENQUN_TRY(out.spring_festival, day_of(from, festival));
  FENQUN_TRY(const auto rest, from.texts("rest"));
  for (const auto& span : rest) {
    const auto dots = span.find("..");
    FENQUN_TRY(const auto first, day_of(from, span.substr(0, dots)));
    FENQUN_TRY(const auto last, day_of(from, dots == std::string::npos ? span : span.substr(dots + 2)));
    out.rest.emplace_back(first, last);
  }
  FENQUN_TRY(const auto work, from.texts("work"));
  for (const auto& day : work) {
    FENQUN_TRY(const auto number, day_of(from, day));
    out.work.push_back(number);
  }
  return out;
}

}  // namespace

Result<std::vector<HolidayYear>> read_holidays(const Settings& from) {
  std::vector<HolidayYear> years;
  FENQUN_TRY(const auto map, from.child("years"));
  FENQUN_TRY(const auto entries, map.entries());
  for (const auto& [year, entry] : entries) {
    FENQUN_TRY(auto read, read_year(year, entry));
    years.push_back(std::move(read));
  }
  std::sort(years.begin(), years.end(), [](const auto& a, const auto& b) { return a.year < b.year; });
  return years;
}

Result<Names> read_names(const Settings& from) {
  FENQUN_CHECK(from.allow_only({"surnames", "given", "firm_words", "streets", "phone_prefix", "staff_phone_prefix"}));
  Names out;
  FENQUN_TRY(out.surnames, from.texts("surnames"));
  FENQUN_TRY(out.given, from.texts("given"));
  FENQUN_TRY(out.firm_words, from.texts("firm_words"));
  FENQUN_TRY(out.streets, from.texts("streets"));
  FENQUN_TRY(out.phone_prefix, from.text("phone_prefix"));
  FENQUN_TRY(out.staff_phone_prefix, from.text("staff_phone_prefix"));
  for (const auto* list : {&out.surnames, &out.given, &out.firm_words, &out.streets}) {
    if (list->empty()) return from.refuse("base.setting_missing", {{"key", "surnames, given, firm_words, streets"}});
  }
  if (out.phone_prefix.size() != 3 || out.staff_phone_prefix.size() != 3) {
    return from.refuse("base.setting_wrong",
                       {{"key", "phone_prefix"}, {"value", out.phone_prefix}, {"expected", "3 digits"}});
  }
  return out;
}

Result<Parameters> Parameters::create(const AssetStore& assets, const std::string& profile) {
  Parameters out;
  out.profile_name = profile;
  std::string bytes;
  FENQUN_TRY(const auto path, profile_path(assets, profile));
  FENQUN_TRY(const auto profile_file, open(assets, path, bytes));
  FENQUN_TRY(out.profile, read_profile(profile_file));
  FENQUN_TRY(const auto usage_file, open(assets, "config/datagen/usage.yaml", bytes));
  FENQUN_TRY(out.usage, read_usage(usage_file));
  FENQUN_TRY(const auto shapes_file, open(assets, "config/datagen/shapes.yaml", bytes));
  FENQUN_TRY(out.shapes, read_shapes(shapes_file));
  FENQUN_TRY(const auto kinds_file, open(assets, "config/datagen/kinds.yaml", bytes));
  FENQUN_TRY(out.kinds, read_kinds(kinds_file, out.usage, out.shapes));
  FENQUN_TRY(const auto classes_file, open(assets, "config/datagen/classes.yaml", bytes));
  FENQUN_TRY(out.classes, read_classes(classes_file));
  FENQUN_TRY(const auto people_file, open(assets, "config/datagen/people.yaml", bytes));
  FENQUN_TRY(out.people, read_people(people_file));
  FENQUN_TRY(const auto records_file, open(assets, "config/datagen/records.yaml", bytes));
  FENQUN_TRY(out.records, read_records(records_file, out.classes));
  FENQUN_TRY(const auto names_file, open(assets, "config/datagen/names.yaml", bytes));
  FENQUN_TRY(out.names, read_names(names_file));
  FENQUN_TRY(const auto calendar_file, open(assets, "config/datagen/calendar.yaml", bytes));
  FENQUN_TRY(out.holidays, read_holidays(calendar_file));
  out.fingerprint = hash_text(bytes).substr(0, 16);
  return out;
}

std::size_t Parameters::method_index(std::string_view name) const {
  const auto& methods = classes.methods;
  return static_cast<std::size_t>(std::find(methods.begin(), methods.end(), name) - methods.begin());
}

std::size_t Parameters::rest_kind() const {
  const auto at = std::find_if(kinds.begin(), kinds.end(), [](const Kind& kind) { return kind.is_rest; });
  return static_cast<std::size_t>(at - kinds.begin());
}

}  // namespace fenqun::datagen
