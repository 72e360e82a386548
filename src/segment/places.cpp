// segment/places.cpp
#include "segment/places.hpp"

#include "base/file.hpp"
#include "base/number.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace fenqun::segment {
namespace {

using warehouse::sql_name;
using warehouse::sql_text;

struct KindName {
  PlaceKind kind;
  std::string_view name;
  const char* column;
};
constexpr std::array<KindName, 4> kKinds = {{{PlaceKind::Line, "line", "feeder_id"},
                                             {PlaceKind::Area, "area", "transformer_area_id"},
                                             {PlaceKind::Station, "station", "station_id"},
                                             {PlaceKind::Community, "community", "community_id"}}};

const char* column_of(PlaceKind kind) { return kKinds.at(static_cast<std::size_t>(kind)).column; }

std::optional<double> number_at(const warehouse::RowSet& rows, std::size_t row, std::size_t column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return rows.number(row, column);
}

double first_share(const PlaceResult& place) {
  if (place.classified == 0 || place.per_group.empty()) return 0;
  return static_cast<double>(place.per_group.front()) / static_cast<double>(place.classified);
}

// Quoted where it must be; what a spreadsheet would take for a formula gets an apostrophe.
std::string csv_cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t").find(text.front()) != std::string_view::npos) text = "'" + text;
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string csv_number(const std::optional<double>& value) { return value ? shortest(*value) : ""; }

}  // namespace

std::string_view name_of(PlaceKind kind) noexcept { return kKinds.at(static_cast<std::size_t>(kind)).name; }

Result<PlaceKind> parse_place_kind(const std::string& word) {
  std::string known;
  for (const auto& kind : kKinds) {
    if (kind.name == word) return kind.kind;
    known += (known.empty() ? "" : ", ") + std::string(kind.name);
  }
  return fail(ErrorCode::InvalidArgument, "segment.no_place_kind", {{"value", word}, {"known", known}});
}

Result<std::vector<PlaceResult>> places_of(warehouse::Workspace& workspace, const RunResult& run, PlaceKind kind) {
  const std::string id = sql_text(run.run_id);
  std::string groups;
  for (const auto& group : run.groups) groups += ", count(*) FILTER (a.group_code = " + sql_text(group.code) + ")";
  FENQUN_TRY(const auto rows,
             workspace.connection().query(
                 "SELECT coalesce(w." + sql_name(column_of(kind)) +
                 ", ''), count(*), count(a.group_code), avg(s.score), sum(w.outages_12m::DECIMAL(18,3)) / "
                 "count(w.outages_12m), sum(w.outage_hours_12m::DECIMAL(18,3)) / count(w.outage_hours_12m)" +
                 groups + " FROM (SELECT * FROM assignment WHERE run_id = " + id +
                 ") a LEFT JOIN (SELECT * FROM score WHERE run_id = " + id +
                 ") s ON s.customer_id = a.customer_id LEFT JOIN (SELECT * FROM wide WHERE as_of = DATE " +
                 sql_text(run.as_of.first_date()) + ") w ON w.customer_id = a.customer_id GROUP BY 1"));
  std::vector<PlaceResult> out;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    PlaceResult place;
    place.place = rows.text(r, 0);
    place.customers = rows.integer(r, 1);
    place.classified = rows.integer(r, 2);
    place.mean_score = number_at(rows, r, 3);
    place.outages_12m = number_at(rows, r, 4);
    place.outage_hours_12m = number_at(rows, r, 5);
    for (std::size_t g = 0; g < run.groups.size(); ++g) place.per_group.push_back(rows.integer(r, 6 + g));
    out.push_back(std::move(place));
  }
  std::sort(out.begin(), out.end(), [](const PlaceResult& a, const PlaceResult& b) {
    return std::tuple(-a.mean_score.value_or(-1), -first_share(a), a.place) <
           std::tuple(-b.mean_score.value_or(-1), -first_share(b), b.place);
  });
  return out;
}

Result<void> write_places(const std::vector<PlaceResult>& places, const RunResult& run, PlaceKind kind,
                          const Texts& texts, const std::filesystem::path& file) {
  std::string out = "\xEF\xBB\xBF" + csv_cell(texts("segment.place_" + std::string(name_of(kind)))) + "," +
                    csv_cell(texts("segment.csv_customers")) + "," + csv_cell(texts("segment.csv_mean_score")) + "," +
                    csv_cell(texts("segment.csv_outages")) + "," + csv_cell(texts("segment.csv_outage_hours"));
  for (const auto& group : run.groups) out += "," + csv_cell(group.title.in(texts.language()));
  out += "," + csv_cell(texts("segment.csv_no_group_count")) + "\r\n";
  for (const auto& place : places) {
    out += csv_cell(place.place) + "," + std::to_string(place.customers) + "," + csv_number(place.mean_score) + "," +
           csv_number(place.outages_12m) + "," + csv_number(place.outage_hours_12m);
    for (const auto count : place.per_group) out += "," + std::to_string(count);
    out += "," + std::to_string(place.customers - place.classified) + "\r\n";
  }
  return write_file_atomically(file, out);
}

}  // namespace fenqun::segment
