// datagen/parameters_profile.cpp - config/datagen/profiles/<name>.yaml.
#include "datagen/parameter_reading.hpp"

#include <cmath>
#include <numeric>

namespace fenqun::datagen {
namespace {

Result<Location> location_of(const Settings& from) {
  FENQUN_TRY(const auto name, from.text("location"));
  for (std::size_t i = 0; i < kLocationNames.size(); ++i) {
    if (name == kLocationNames[i]) return static_cast<Location>(i);
  }
  return from.refuse("base.setting_wrong",
                     {{"key", "location"}, {"value", name}, {"expected", "urban, suburban, rural"}});
}

Result<UnitGroup> read_group(const Settings& from) {
  FENQUN_CHECK(from.allow_only({"names", "kind", "location", "weight"}));
  UnitGroup group;
  FENQUN_TRY(group.names, from.texts("names"));
  FENQUN_TRY(group.kind, from.text("kind"));
  if (group.kind != "community" && group.kind != "village") {
    return from.refuse("base.setting_wrong",
                       {{"key", "kind"}, {"value", group.kind}, {"expected", "community, village"}});
  }
  FENQUN_TRY(group.location, location_of(from));
  FENQUN_TRY(group.weight, number_within(from, "weight", 0.001, 1e6));
  return group;
}

Result<std::vector<Township>> read_townships(const Settings& from) {
  std::vector<Township> townships;
  std::size_t units = 0;
  FENQUN_TRY(const auto list, from.child("townships"));
  FENQUN_TRY(const auto items, list.items());
  for (const auto& item : items) {
    FENQUN_CHECK(item.allow_only({"name", "units"}));
    Township township;
    FENQUN_TRY(township.name, item.text("name"));
    FENQUN_TRY(const auto groups, item.child("units"));
    FENQUN_TRY(const auto group_items, groups.items());
    for (const auto& group_item : group_items) {
      FENQUN_TRY(auto group, read_group(group_item));
      units += group.names.size();
      township.groups.push_back(std::move(group));
    }
    townships.push_back(std::move(township));
  }
  if (units == 0) return from.refuse("base.setting_missing", {{"key", "townships.units.names"}});
  return townships;
}

Result<CaseArea> read_case_area(const Settings& from) {
  FENQUN_CHECK(from.allow_only({"customers", "unit", "name", "quality_share", "others", "methods"}));
  CaseArea area;
  FENQUN_TRY(area.customers, count_within(from, "customers", 1, 9'000'000));
  FENQUN_TRY(area.unit, from.text("unit"));
  FENQUN_TRY(area.name, from.text("name"));
  FENQUN_TRY(area.quality_share, share_of(from, "quality_share"));
  FENQUN_TRY(const auto others, from.child("others"));
  FENQUN_TRY(const auto methods, from.child("methods"));
  for (std::size_t i = 0; i < area.other_shares.size(); ++i) {
    const char* name = kAreaCaseNames[i + 2];
    FENQUN_TRY(area.other_shares[i], share_of(others, name));
    FENQUN_TRY(area.methods[i], methods.texts(name));
    if (area.methods[i].empty()) return methods.refuse("base.setting_missing", {{"key", name}});
  }
  if (std::abs(std::accumulate(area.other_shares.begin(), area.other_shares.end(), 0.0) - 1) > 1e-9) {
    return others.refuse("datagen.shares_not_one", {{"key", "others"}});
  }
  return area;
}

Result<Discontent> read_discontent(const Settings& from) {
  FENQUN_CHECK(from.allow_only({"baseline", "after", "high_risk_share", "no_complaint_days_after_festival"}));
  Discontent out;
  FENQUN_TRY(const auto baseline, from.child("baseline"));
  FENQUN_TRY(const auto after, from.child("after"));
  for (std::size_t i = 0; i < kDiscontentKinds.size(); ++i) {
    FENQUN_TRY(out.baseline[i], count_within(baseline, kDiscontentKinds[i], 0, 1'000'000));
    FENQUN_TRY(out.after[i], count_within(after, kDiscontentKinds[i], 0, 1'000'000));
  }
  FENQUN_TRY(out.high_risk_share, share_of(from, "high_risk_share"));
  FENQUN_TRY(out.quiet_festival_days, count_within(from, "no_complaint_days_after_festival", 0, 60));
  return out;
}

Result<void> read_size(const Settings& from, Profile& out) {
  FENQUN_TRY(out.customers, count_within(from, "customers", 500, 9'000'000));
  FENQUN_TRY(const auto end_month, from.text("end_month"));
  const auto end = Month::parse(end_month);
  if (!end) {
    return from.refuse("base.setting_wrong", {{"key", "end_month"}, {"value", end_month}, {"expected", "2026-06"}});
  }
  out.end_month = *end;
  FENQUN_TRY(out.months, count_within(from, "months", 1, 120));
  FENQUN_TRY(out.reading_months, count_within(from, "reading_months", 0, out.months));
  FENQUN_TRY(out.customers_per_file, count_within(from, "customers_per_file", 1, 9'000'000));
  FENQUN_TRY(out.customers_per_station, count_within(from, "customers_per_station", 500, 9'000'000));
  FENQUN_TRY(out.area_customers, range_within(from, "customers_per_area", 1, 100'000));
  FENQUN_TRY(out.mean_area_customers,
             number_within(from, "mean_area_customers", out.area_customers.low, out.area_customers.high));
  FENQUN_TRY(out.areas_per_feeder, count_within(from, "areas_per_feeder", 1, 10'000));
  return {};
}

}  // namespace

Result<Profile> read_profile(const Settings& from) {
  FENQUN_CHECK(
      from.allow_only({"title", "customers", "end_month", "months", "reading_months", "customers_per_file", "id_prefix",
                       "bureau", "stations", "customers_per_station", "customers_per_area", "mean_area_customers",
                       "areas_per_feeder", "townships", "case_area", "discontent", "region", "centre", "amounts"}));
  Profile out;
  FENQUN_TRY(const auto title, from.child("title"));
  FENQUN_TRY(out.title.zh, title.text("zh"));
  FENQUN_TRY(out.title.en, title.text("en"));
  FENQUN_CHECK(read_size(from, out));
  FENQUN_TRY(out.id_prefix, from.text("id_prefix"));
  if (out.id_prefix.size() > 5) {
    return from.refuse("base.setting_wrong",
                       {{"key", "id_prefix"}, {"value", out.id_prefix}, {"expected", "0..5 characters"}});
  }
  FENQUN_TRY(out.bureau, from.text("bureau"));
  FENQUN_TRY(out.stations, from.texts("stations"));
  if (out.stations.empty()) return from.refuse("base.setting_missing", {{"key", "stations"}});
  FENQUN_TRY(out.townships, read_townships(from));
  if (const auto area = from.find("case_area")) {
    FENQUN_TRY(out.case_area, read_case_area(*area));
  }
  FENQUN_TRY(const auto discontent, from.child("discontent"));
  FENQUN_TRY(out.discontent, read_discontent(discontent));
  FENQUN_TRY(out.region, from.text("region"));
  FENQUN_TRY(out.centre, array_within<2>(from, "centre", -180, 180));
  FENQUN_TRY(const auto amounts, from.child("amounts"));
  FENQUN_TRY(out.amounts, read_amounts(amounts));
  return out;
}

}  // namespace fenqun::datagen
