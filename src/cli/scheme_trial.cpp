// cli/scheme_trial.cpp
#include "cli/scheme_trial.hpp"

#include "app/schemes.hpp"
#include "base/number.hpp"
#include "base/short_text.hpp"
#include "cli/output_ledger.hpp"
#include "cli/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace fenqun::cli {
namespace {

// Where an error is, from its own line or from what was put around it.
std::string place_of(const Error& error, std::string_view name) {
  for (const auto& arg : error.line.args) {
    if (arg.name == name) return arg.value;
  }
  for (const auto& context : error.context) {
    for (const auto& arg : context.args) {
      if (arg.name == name) return arg.value;
    }
  }
  return "";
}

Json finding_json(const Error& error, const Texts& texts) {
  const auto line = parse_integer(place_of(error, "line"));
  return {{"finding", error.line.key},
          {"file", place_of(error, "file")},
          {"line", line ? Json(*line) : Json(nullptr)},
          {"message", render_error(error, texts)}};
}

Json checked_json(const segment::CheckedScheme& scheme, const Texts& texts) {
  Json out = {{"scheme", scheme.name}, {"file", scheme.origin}, {"errors", Json::array()}, {"doubts", Json::array()}};
  for (const auto& error : scheme.problems) out["errors"].push_back(finding_json(error, texts));
  for (const auto& error : scheme.doubts) out["doubts"].push_back(finding_json(error, texts));
  out["measured_on"] = json_of(scheme.measured_on);
  return out;
}

std::string show(const segment::CheckedScheme& scheme, const Texts& texts) {
  std::string out = "■ " +
                    texts("cli.check_head", {{"scheme", short_text(scheme.name)},
                                             {"file", scheme.origin},
                                             {"errors", std::to_string(scheme.problems.size())},
                                             {"doubts", std::to_string(scheme.doubts.size())}}) +
                    "\n";
  for (const auto& error : scheme.problems) {
    out += "  " + texts("cli.check_error", {{"message", render_error(error, texts)}}) + "\n";
  }
  for (const auto& error : scheme.doubts) {
    out += "  " + texts("cli.check_doubt", {{"message", render_error(error, texts)}}) + "\n";
  }
  return out;
}

std::string title_in(const segment::RunResult& run, const std::string& code, bool is_group, const Texts& texts) {
  if (code.empty()) return texts("cli.preview_not_looked_at");
  if (!is_group) return texts("cli.preview_without_group");
  for (const auto& group : run.groups) {
    if (group.code == code) return group.title.in(texts.language());
  }
  return code;
}

/// Rows: what was; columns: what would be. Everybody without a group stands in one row and one column.
std::string show_matrix(const ledger::RunDiff& diff, const Texts& texts) {
  struct Key {
    std::string code;
    bool is_group = true;
    bool operator==(const Key&) const = default;
  };
  const auto key = [](const std::string& code, bool is_group) {
    return is_group || code.empty() ? Key{code, true} : Key{"!", false};
  };
  std::vector<Key> rows;
  std::vector<Key> columns;
  std::map<std::pair<std::size_t, std::size_t>, std::int64_t> cells;
  const auto place = [](std::vector<Key>& keys, const Key& wanted) {
    const auto at = std::find(keys.begin(), keys.end(), wanted);
    if (at != keys.end()) return static_cast<std::size_t>(at - keys.begin());
    keys.push_back(wanted);
    return keys.size() - 1;
  };
  // All groups of what would be, in their order, also those that nobody moves into.
  for (const auto& group : diff.second.groups) place(columns, {group.code, true});
  for (const auto& line : diff.migrations) {
    cells[{place(rows, key(line.from, line.from_group)), place(columns, key(line.to, line.to_group))}] +=
        line.customers;
  }
  std::vector<TextTable::Column> titles = {{texts("cli.preview_from_to")}};
  for (const auto& column : columns) {
    titles.push_back({title_in(diff.second, column.code, column.is_group, texts), Align::Right});
  }
  TextTable table(titles);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::vector<std::string> line = {title_in(diff.first, rows[r].code, rows[r].is_group, texts)};
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const auto cell = cells.find({r, c});
      line.push_back(cell == cells.end() ? "·" : with_thousands(cell->second));
    }
    table.add(std::move(line));
  }
  return table.text();
}

std::string show(const ledger::Preview& preview, const Texts& texts) {
  constexpr std::array<const char*, 3> kBases = {"cli.preview_base_nothing", "cli.preview_base_published",
                                                 "cli.preview_base_latest"};
  const auto& diff = preview.diff;
  std::string out =
      "■ " +
      texts("cli.preview_head", {{"title", diff.second.scheme_title.in(texts.language())},
                                 {"scheme", diff.second.scheme},
                                 {"month", diff.second.as_of.text()},
                                 {"customers", with_thousands(diff.second.population)}}) +
      "\n" +
      texts(kBases.at(static_cast<std::size_t>(preview.base)),
            {{"run", diff.first.run_id}, {"scheme", diff.first.scheme}, {"month", diff.first.as_of.text()}}) +
      "\n" + show_matrix(diff, texts);
  if (preview.base == ledger::PreviewBase::Nothing) return out + texts("cli.preview_not_kept") + "\n";
  const auto share = diff.compared > 0 ? static_cast<double>(diff.moved) / static_cast<double>(diff.compared) : 0;
  out += texts("cli.preview_moved", {{"moved", with_thousands(diff.moved)},
                                     {"compared", with_thousands(diff.compared)},
                                     {"share", percent_text(share)}}) +
         "\n" +
         texts("cli.preview_comings", {{"gained", with_thousands(preview.gained)},
                                       {"lost", with_thousands(preview.lost)},
                                       {"entered", with_thousands(preview.entered)},
                                       {"left", with_thousands(preview.left)}}) +
         "\n";
  return out + texts("cli.preview_not_kept") + "\n";
}

Json preview_json(const ledger::Preview& preview) {
  constexpr std::array<const char*, 3> kBases = {"nothing", "published", "latest"};
  Json out = {{"compared_with", kBases.at(static_cast<std::size_t>(preview.base))}};
  out.update(json_of(preview.diff));
  out["gained_a_group"] = preview.gained;
  out["lost_their_group"] = preview.lost;
  out["entered"] = preview.entered;
  out["left"] = preview.left;
  return out;
}

}  // namespace

Result<void> check_schemes(const std::string& workspace, const std::vector<std::string>& named,
                           const std::string& month, const Call& call) {
  FENQUN_TRY(const auto when, month_of(month));
  FENQUN_TRY(auto session, app::Session::open(workspace, call.caller.reading()));
  FENQUN_TRY(const auto checked, app::check_schemes(session, named, when));
  std::size_t errors = 0;
  std::size_t faulty = 0;
  Json json = Json::array();
  std::string text;
  for (const auto& scheme : checked) {
    errors += scheme.problems.size();
    if (!scheme.problems.empty()) ++faulty;
    json.push_back(checked_json(scheme, call.texts));
    text += show(scheme, call.texts);
  }
  if (call.json)
    print(json);
  else
    print(text);
  if (errors == 0) return {};
  return fail(ErrorCode::BadData, "cli.check_failed",
              {{"errors", std::to_string(errors)},
               {"faulty", std::to_string(faulty)},
               {"schemes", std::to_string(checked.size())}});
}

Result<void> preview_scheme(const std::string& workspace, const std::string& name_or_file, const std::string& month,
                            const Call& call) {
  FENQUN_TRY(const auto when, month_of(month));
  FENQUN_TRY(auto session, app::Session::open(workspace, call.caller.reading()));
  FENQUN_TRY(const auto preview, app::preview_scheme(session, name_or_file, when));
  if (call.json)
    print(preview_json(preview));
  else
    print(show(preview, call.texts));
  return {};
}

}  // namespace fenqun::cli
