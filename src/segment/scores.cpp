// segment/scores.cpp
#include "segment/scores.hpp"

#include "base/short_text.hpp"
#include "warehouse/spreadsheet.hpp"

#include <algorithm>

namespace fenqun::segment {
namespace {

namespace fs = std::filesystem;
using warehouse::sql_name;
using warehouse::sql_text;

constexpr std::string_view kValue = "{value}";

// The value of a feature as a reader writes it: a share in per cent, a category by its name.
std::string value_sql(const features::Feature& feature, Language language) {
  std::string column = "w." + sql_name(feature.name);
  if (feature.type == features::FeatureType::Category) {
    if (feature.value_names.empty()) return column;
    std::string out = "CASE " + column;
    for (const auto& [code, name] : feature.value_names) {
      out += " WHEN " + sql_text(code) + " THEN " + sql_text(name.in(language));
    }
    return out + " ELSE " + column + " END";
  }
  if (feature.unit == "share") return "printf('%.1f%%', 100 * " + column + "::DOUBLE)";
  // Two digits at most, none of them a zero at the end.
  return "regexp_replace(printf('%.2f', " + column + "::DOUBLE), '\\.?0+$', '')";
}

std::string sentence_sql(const ScorePartResult& part, const features::FeatureCatalogue& catalogue, Language language) {
  const auto& sentence = part.sentence.in(language);
  const auto* feature = catalogue.find(part.feature);
  if (feature == nullptr || sentence.find(kValue) == std::string::npos) return sql_text(sentence);
  return "replace(" + sql_text(sentence) + ", '{value}', coalesce(" + value_sql(*feature, language) + ", '—'))";
}

// Each customer of the run with what is known of the score; `w` is the month's wide table.
std::string from_sql(const RunResult& run) {
  const std::string id = sql_text(run.run_id);
  return " FROM (SELECT * FROM assignment WHERE run_id = " + id +
         ") a LEFT JOIN (SELECT * FROM score WHERE run_id = " + id +
         ") s ON s.customer_id = a.customer_id LEFT JOIN (SELECT * FROM wide WHERE as_of = DATE " +
         sql_text(run.as_of.first_date()) + ") w ON w.customer_id = a.customer_id";
}

// A list of reasons, those with most points first: {points, place, text}. Parts without points are no reason.
std::string reasons_sql(const RunResult& run, const features::FeatureCatalogue& catalogue, Language language) {
  std::string all;
  for (std::size_t p = 0; p < run.score->parts.size(); ++p) {
    all += (p == 0 ? "" : ", ") + std::string("{'points': s.contributions[") + std::to_string(p + 1) +
           "], 'place': " + std::to_string(-static_cast<int>(p)) +
           ", 'text': " + sentence_sql(run.score->parts[p], catalogue, language) + "}";
  }
  return "list_reverse_sort(list_filter([" + all + "], lambda x: x.points > 0))";
}

std::string group_sql(const RunResult& run, Language language) {
  std::string out = "CASE a.group_code";
  for (const auto& group : run.groups) {
    out += " WHEN " + sql_text(group.code) + " THEN " + sql_text(group.title.in(language));
  }
  return out + " END";
}

std::string reason_sql(const RunResult& run, Language language) {
  if (run.unclassified.empty()) return "NULL::VARCHAR";
  std::string out = "CASE a.reason";
  for (const auto& line : run.unclassified) {
    out += " WHEN " + sql_text(line.code) + " THEN " + sql_text(line.reason.in(language));
  }
  return out + " END";
}

Result<void> need_scores(const RunResult& run) {
  if (run.score) return {};
  return fail(ErrorCode::InvalidArgument, "segment.no_scores", {{"scheme", run.scheme}, {"method", run.method}});
}

}  // namespace

Result<CustomerScore> score_of_customer(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                                        const RunResult& run, const std::string& customer_id, Language language) {
  FENQUN_CHECK(need_scores(run));
  std::string columns = "coalesce(a.group_code, ''), coalesce(a.reason, ''), s.score, s.known_weight";
  for (std::size_t p = 0; p < run.score->parts.size(); ++p) {
    columns +=
        ", s.contributions[" + std::to_string(p + 1) + "], " + sentence_sql(run.score->parts[p], catalogue, language);
  }
  FENQUN_TRY(const auto found, workspace.connection().query("SELECT " + columns + from_sql(run) +
                                                            " WHERE a.customer_id = " + sql_text(customer_id)));
  if (found.rows.empty()) {
    return fail(ErrorCode::NotFound, "segment.customer_not_in_run",
                {{"customer", short_text(customer_id)}, {"run", run.run_id}});
  }
  CustomerScore out;
  out.customer_id = customer_id;
  out.group_code = found.text(0, 0);
  out.reason_code = found.text(0, 1);
  if (!found.is_null(0, 2)) out.score = found.number(0, 2);
  out.known_weight = found.number(0, 3);
  for (std::size_t p = 0; p < run.score->parts.size(); ++p) {
    ScorePoints points;
    points.part = p;
    if (!found.is_null(0, 4 + 2 * p)) points.points = found.number(0, 4 + 2 * p);
    points.sentence = found.text(0, 5 + 2 * p);
    out.points.push_back(std::move(points));
  }
  std::stable_sort(out.points.begin(), out.points.end(), [](const ScorePoints& a, const ScorePoints& b) {
    return a.points.value_or(-1) > b.points.value_or(-1);
  });
  return out;
}

Result<void> write_score_list(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                              const RunResult& run, const Texts& texts, const fs::path& file) {
  FENQUN_CHECK(need_scores(run));
  const auto language = texts.language();
  std::string columns = "customer_id AS " + sql_name(texts("segment.csv_customer")) + ", " + "group_title" + " AS " +
                        sql_name(texts("segment.csv_group")) + ", " + "no_group" + " AS " +
                        sql_name(texts("segment.csv_no_group")) + ", score AS " + sql_name(texts("segment.csv_score")) +
                        ", round(known_weight, 4) AS " + sql_name(texts("segment.csv_known")) + ", " +
                        sql_text(texts("segment.score_source_" + run.score->source)) + " AS " +  // dynamic
                        sql_name(texts("segment.csv_source"));
  for (std::uint32_t n = 1; n <= run.score->top_reasons; ++n) {
    const std::string reason = "reasons[" + std::to_string(n) + "]";
    columns += ", " + reason + ".text" + " AS " +
               sql_name(texts("segment.csv_reason", {{"place", std::to_string(n)}})) + ", " + reason + ".points AS " +
               sql_name(texts("segment.csv_points", {{"place", std::to_string(n)}}));
  }
  return warehouse::write_spreadsheet(workspace.connection(),
                                      "SELECT " + columns + " FROM (SELECT a.customer_id AS customer_id, " +
                                          group_sql(run, language) + " AS group_title, " + reason_sql(run, language) +
                                          " AS no_group, s.score AS score, s.known_weight AS " + "known_weight, " +
                                          reasons_sql(run, catalogue, language) + " AS reasons" + from_sql(run) +
                                          ") ORDER BY customer_id",
                                      file);
}

}  // namespace fenqun::segment
