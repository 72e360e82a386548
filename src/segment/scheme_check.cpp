// segment/scheme_check.cpp
#include "segment/scheme_check.hpp"

#include "base/short_text.hpp"
#include "segment/rule_order.hpp"
#include "segment/scheme_order.hpp"

#include <utility>

namespace fenqun::segment {
namespace {

Error about(const Scheme& scheme, int line, const char* key, TextArgs args) {
  args.push_back({"file", scheme.origin});
  args.push_back({"line", std::to_string(line)});
  return Error{ErrorCode::BadData, {key, std::move(args)}, {}};
}

void check_rules(const Scheme& scheme, CheckedScheme& out) {
  if (scheme.method != Method::Rules) return;
  std::vector<const Expression*> rules;
  for (const auto& group : scheme.groups) rules.push_back(&*group.when);
  for (const auto& found : unreachable_rules(rules)) {
    const auto& group = scheme.groups[found.rule];
    if (found.because.empty()) {
      out.problems.push_back(about(scheme, group.line, "segment.rule_never_holds",
                                   {{"code", short_text(group.code)}, {"when", short_text(group.when->text())}}));
      continue;
    }
    std::string earlier;
    for (const auto before : found.because) {
      earlier += (earlier.empty() ? "" : ", ") + short_text(scheme.groups[before].code) + ":" +
                 std::to_string(scheme.groups[before].line);
    }
    out.problems.push_back(
        about(scheme, group.line, "segment.rule_unreachable",
              {{"code", short_text(group.code)}, {"when", short_text(group.when->text())}, {"earlier", earlier}}));
  }
}

// A scheme that it looks at and that was not run yet leaves it untried; what else fails is wrong with it.
Result<void> try_on(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue, const Scheme& scheme,
                    Month month, WorkerPool& pool, CheckedScheme& out) {
  SegmentOptions options;
  options.as_of = month;
  auto found = work_out_run(workspace, catalogue, scheme, options, pool);
  if (!found) {
    if (found.error().code == ErrorCode::Cancelled) return fail(std::move(found).error());
    out.doubts.push_back(std::move(found).error());
    return {};
  }
  out.measured_on = month;
  for (std::size_t g = 0; g < found->run.groups.size(); ++g) {
    const auto& group = found->run.groups[g];
    if (group.customers > 0) continue;
    const bool known = g < scheme.groups.size() && scheme.groups[g].code == group.code;
    out.doubts.push_back(about(scheme, known ? scheme.groups[g].line : 0, "segment.nobody_reaches",
                               {{"code", short_text(group.code)}, {"month", month.text()}}));
  }
  return {};
}

}  // namespace

Result<CheckedScheme> check_scheme(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                                   const Asset& file, const std::optional<std::string>& name,
                                   std::optional<Month> month, WorkerPool& pool, std::span<const Scheme> beside) {
  CheckedScheme out;
  auto parsed = parse_scheme(file.text, file.origin, catalogue, name);
  out.name = parsed.scheme.name;
  out.origin = file.origin;
  out.problems = std::move(parsed.problems);
  if (!out.problems.empty()) return out;
  check_rules(parsed.scheme, out);
  if (const auto order = order_with(workspace.assets(), catalogue, parsed.scheme, beside); !order) {
    out.problems.push_back(order.error());
  }
  if (out.problems.empty() && month) FENQUN_CHECK(try_on(workspace, catalogue, parsed.scheme, *month, pool, out));
  return out;
}

}  // namespace fenqun::segment
