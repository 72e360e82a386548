// cli/label_commands.cpp - what labels say of customers: segment scores, segment places.
#include "base/number.hpp"
#include "cli/command_line.hpp"
#include "cli/output_ledger.hpp"
#include "cli/text_table.hpp"
#include "segment/places.hpp"
#include "segment/run.hpp"
#include "segment/run_json.hpp"
#include "segment/scheme.hpp"
#include "segment/scores.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fenqun::cli {
namespace {

struct LabelOptions {
  ParentOptions parent;
  std::string scheme;
  std::string customer;
  std::string out;
  std::string by = "line";
  int most = 20;
};

Result<segment::RunResult> run_of(app::Session& session, const LabelOptions& options) {
  FENQUN_TRY(const auto month, month_of(*options.parent.month));
  FENQUN_TRY(auto runs, segment::latest_runs(session.workspace, month));
  for (auto& run : runs) {
    if (run.scheme == options.scheme) return std::move(run);
  }
  FENQUN_CHECK(segment::scheme_file(session.workspace.assets(), options.scheme));
  return fail(ErrorCode::NotFound, "cli.scheme_never_run",
              {{"scheme", options.scheme}, {"month", month ? month->text() : "—"}});
}

std::string title_of_group(const segment::RunResult& run, const std::string& code, Language language) {
  for (const auto& group : run.groups) {
    if (group.code == code) return group.title.in(language);
  }
  for (const auto& line : run.unclassified) {
    if (line.code == code) return line.reason.in(language);
  }
  return code;
}

std::string points_text(const std::optional<double>& points) { return points ? fmt::format("{:.2f}", *points) : "—"; }

std::string show(const segment::RunResult& run, const segment::CustomerScore& found, const Texts& texts) {
  const auto& code = found.group_code.empty() ? found.reason_code : found.group_code;
  std::string out = texts("cli.score_line", {{"customer", found.customer_id},
                                             {"scheme", run.scheme_title.in(texts.language())},
                                             {"score", points_text(found.score)},
                                             {"group", title_of_group(run, code, texts.language())},
                                             {"known", percent_text(found.known_weight)},
                                             {"source", texts("segment.score_source_" + run.score->source)}}) +
                    "\n";
  TextTable table({{texts("cli.col_points"), Align::Right}, {texts("cli.col_sentence")}});
  for (const auto& points : found.points) table.add({points_text(points.points), points.sentence});
  return out + table.text();
}

// A part's sentence without the value of one customer.
std::string of_anybody(std::string sentence) {
  constexpr std::string_view kValue = "{value}";
  const auto at = sentence.find(kValue);
  return at == std::string::npos ? sentence : sentence.replace(at, kValue.size(), "…");
}

std::string show(const segment::RunResult& run, const Texts& texts) {
  std::string out = "■ " + run.scheme_title.in(texts.language()) + "  " +
                    texts("cli.run_line", {{"scheme", run.scheme}, {"month", run.as_of.text()}, {"run", run.run_id}}) +
                    "\n" + texts("cli.score_from", {{"source", texts("segment.score_source_" + run.score->source)}}) +
                    "\n";
  TextTable bands({{texts("cli.col_group")},
                   {texts("cli.col_customers"), Align::Right},
                   {texts("cli.col_mean_score"), Align::Right}});
  for (const auto& group : run.groups) {
    bands.add({group.title.in(texts.language()), with_thousands(group.customers),
               group.customers > 0 ? points_text(group.order_score) : "—"});
  }
  TextTable parts({{texts("cli.col_sentence")},
                   {texts("cli.col_weight"), Align::Right},
                   {texts("cli.col_known"), Align::Right},
                   {texts("cli.col_mean_points"), Align::Right}});
  for (const auto& part : run.score->parts) {
    parts.add({of_anybody(part.sentence.in(texts.language())), shortest(part.weight), with_thousands(part.known),
               points_text(part.mean_contribution)});
  }
  return out + bands.text() + parts.text();
}

Json json_of(const segment::RunResult& run, const segment::CustomerScore& found) {
  Json points = Json::array();
  for (const auto& p : found.points) {
    const auto& part = run.score->parts[p.part];
    points.push_back({{"part", part.feature.empty() ? part.condition : part.feature},
                      {"weight", part.weight},
                      {"points", p.points ? Json(*p.points) : Json(nullptr)},
                      {"sentence", p.sentence}});
  }
  return {{"customer_id", found.customer_id},
          {"scheme", run.scheme},
          {"run_id", run.run_id},
          {"score_source", run.score->source},
          {"score", found.score ? Json(*found.score) : Json(nullptr)},
          {"known_weight", found.known_weight},
          {"group", found.group_code.empty() ? Json(nullptr) : Json(found.group_code)},
          {"reason", found.group_code.empty() ? Json(found.reason_code) : Json(nullptr)},
          {"points", points}};
}

Result<void> do_scores(const LabelOptions& options, const Call& call) {
  FENQUN_TRY(auto session, app::Session::open(*options.parent.workspace, call.caller.reading()));
  FENQUN_TRY(const auto run, run_of(session, options));
  if (!run.score) {
    return fail(ErrorCode::InvalidArgument, "segment.no_scores", {{"scheme", run.scheme}, {"method", run.method}});
  }
  if (!options.out.empty()) {
    FENQUN_CHECK(segment::write_score_list(session.workspace, session.catalogue, run, call.texts, options.out));
  }
  if (!options.customer.empty()) {
    FENQUN_TRY(const auto found, segment::score_of_customer(session.workspace, session.catalogue, run, options.customer,
                                                            call.texts.language()));
    if (call.json)
      print(json_of(run, found));
    else
      print(show(run, found, call.texts));
    return {};
  }
  if (call.json) {
    Json out = segment::to_json(run);
    out["file"] = options.out.empty() ? Json(nullptr) : Json(options.out);
    print(out);
    return {};
  }
  print(show(run, call.texts));
  if (!options.out.empty()) print(call.texts("cli.as_of_written", {{"path", options.out}}) + "\n");
  return {};
}

std::string number_text(const std::optional<double>& value) { return value ? fmt::format("{:.1f}", *value) : "—"; }

std::string show(const std::vector<segment::PlaceResult>& places, const segment::RunResult& run,
                 segment::PlaceKind kind, int most, const Texts& texts) {
  std::vector<TextTable::Column> columns = {{texts("segment.place_" + std::string(name_of(kind)))},
                                            {texts("cli.col_customers"), Align::Right},
                                            {texts("cli.col_mean_score"), Align::Right},
                                            {texts("cli.col_outages"), Align::Right},
                                            {texts("cli.col_outage_hours"), Align::Right}};
  for (const auto& group : run.groups) columns.push_back({group.title.in(texts.language()), Align::Right});
  TextTable table(columns);
  for (std::size_t p = 0; p < places.size() && p < static_cast<std::size_t>(most); ++p) {
    const auto& place = places[p];
    std::vector<std::string> cells = {place.place.empty() ? "—" : place.place, with_thousands(place.customers),
                                      points_text(place.mean_score), number_text(place.outages_12m),
                                      number_text(place.outage_hours_12m)};
    for (const auto count : place.per_group) cells.push_back(with_thousands(count));
    table.add(std::move(cells));
  }
  const auto first = run.groups.empty() ? "" : run.groups.front().title.in(texts.language());
  return "■ " + run.scheme_title.in(texts.language()) + "  " +
         texts("cli.run_line", {{"scheme", run.scheme}, {"month", run.as_of.text()}, {"run", run.run_id}}) + "\n" +
         table.text() +
         texts(run.score ? "cli.places_of" : "cli.places_of_groups",
               {{"all", with_thousands(static_cast<std::int64_t>(places.size()))}, {"group", first}}) +
         "\n";
}

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Result<void> do_places(const LabelOptions& options, const Call& call) {
  FENQUN_TRY(const auto kind, segment::parse_place_kind(options.by));
  FENQUN_TRY(auto session, app::Session::open(*options.parent.workspace, call.caller.reading()));
  FENQUN_TRY(const auto run, run_of(session, options));
  FENQUN_TRY(const auto places, segment::places_of(session.workspace, run, kind));
  if (!options.out.empty()) FENQUN_CHECK(segment::write_places(places, run, kind, call.texts, options.out));
  if (!call.json) {
    print(show(places, run, kind, options.most, call.texts));
    if (!options.out.empty()) print(call.texts("cli.as_of_written", {{"path", options.out}}) + "\n");
    return {};
  }
  Json out = {{"scheme", run.scheme},
              {"run_id", run.run_id},
              {"as_of", run.as_of.text()},
              {"by", name_of(kind)},
              {"places", Json::array()}};
  for (const auto& place : places) {
    Json groups = Json::object();
    for (std::size_t g = 0; g < run.groups.size(); ++g) groups[run.groups[g].code] = place.per_group[g];
    out["places"].push_back({{"place", place.place.empty() ? Json(nullptr) : Json(place.place)},
                             {"customers", place.customers},
                             {"classified", place.classified},
                             {"mean_score", json_of(place.mean_score)},
                             {"outages_12m", json_of(place.outages_12m)},
                             {"outage_hours_12m", json_of(place.outage_hours_12m)},
                             {"groups", groups}});
  }
  print(out);
  return {};
}

}  // namespace

void add_label_commands(CommandLine& line, CLI::App* segment, const ParentOptions& parent) {
  auto options = std::make_shared<LabelOptions>();
  options->parent = parent;
  auto* const scores =
      line.add_below(segment, "scores", [options](const Call& call) { return do_scores(*options, call); });
  scores->add_option("SCHEME", options->scheme, line.text("cli.opt_one_scheme"))->required();
  scores->add_option("--customer", options->customer, line.text("cli.opt_score_customer"));
  scores->add_option("--out", options->out, line.text("cli.opt_score_out"));
  auto* const places =
      line.add_below(segment, "places", [options](const Call& call) { return do_places(*options, call); });
  places->add_option("SCHEME", options->scheme, line.text("cli.opt_one_scheme"))->required();
  places->add_option("--by", options->by, line.text("cli.opt_place_kind"));
  places->add_option("--most", options->most, line.text("cli.opt_most"))->check(CLI::PositiveNumber);
  places->add_option("--out", options->out, line.text("cli.opt_places_out"));
}

}  // namespace fenqun::cli
