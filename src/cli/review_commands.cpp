// cli/review_commands.cpp - the review of groups: report review.
#include "app/review.hpp"

#include "base/number.hpp"
#include "cli/command_line.hpp"

namespace fenqun::cli {
namespace {

struct ReviewOptions {
  ParentOptions parent;
  std::vector<std::string> compare;
  std::string html;
};

Json file_json(const std::filesystem::path& file) { return file.empty() ? Json(nullptr) : Json(file.string()); }

Result<void> do_review(const ReviewOptions& options, const Call& call) {
  app::ReviewRequest request;
  FENQUN_TRY(request.month, month_of(*options.parent.month));
  request.schemes = *options.parent.schemes;
  if (options.compare.size() == 2) request.compare = {options.compare[0], options.compare[1]};
  request.html = options.html;
  FENQUN_TRY(auto session, app::Session::open(*options.parent.workspace, call.caller));
  FENQUN_TRY(const auto outcome, app::write_review(session, request));
  if (call.json) {
    print(Json{{"month", outcome.as_of.text()},
               {"html", outcome.html.string()},
               {"differences", file_json(outcome.differences)},
               {"differing", outcome.differing},
               {"conflicts", file_json(outcome.conflicts)},
               {"in_conflict", outcome.in_conflict}});
    return {};
  }
  std::string out = call.texts("cli.report_at", {{"path", outcome.html.string()}}) + "\n";
  if (!outcome.differences.empty()) {
    out += call.texts("cli.review_differences",
                      {{"customers", with_thousands(outcome.differing)}, {"path", outcome.differences.string()}}) +
           "\n";
  }
  if (!outcome.conflicts.empty()) {
    out += call.texts("cli.review_conflicts",
                      {{"customers", with_thousands(outcome.in_conflict)}, {"path", outcome.conflicts.string()}}) +
           "\n";
  }
  print(out);
  return {};
}

}  // namespace

void add_review_commands(CommandLine& line, CLI::App* report, const ParentOptions& parent) {
  auto options = std::make_shared<ReviewOptions>();
  options->parent = parent;
  auto* const review =
      line.add_below(report, "review", [options](const Call& call) { return do_review(*options, call); });
  review->add_option("--compare", options->compare, line.text("cli.opt_review_compare"))->expected(2);
  review->add_option("--out", options->html, line.text("cli.opt_html"));
}

}  // namespace fenqun::cli
