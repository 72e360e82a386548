// app/profiles.cpp
#include "app/profiles.hpp"

#include "app/page_head.hpp"
#include "app/segmentation.hpp"
#include "base/file.hpp"
#include "report/profile_page.hpp"
#include "segment/definitions.hpp"

namespace fenqun::app {

Result<ProfileOutcome> write_profiles(Session& session, const ProfileRequest& request) {
  ProfileOutcome out;
  if (request.month) {
    out.as_of = *request.month;
  } else {
    FENQUN_TRY(out.as_of, latest_prepared_month(session));
  }
  ProgressStage stage(session, "app.stage_profiles");
  report::ProfileModel model;
  model.language = session.caller.language;
  FENQUN_CHECK(fill_head(session, model));
  model.as_of = out.as_of.text();
  FENQUN_TRY(auto portrayed, portray_runs(session, out.as_of, request.schemes));
  auto& [runs, portraits] = portrayed;
  std::vector<segment::Scheme> schemes;
  for (const auto& run : runs) {
    FENQUN_TRY(auto scheme, segment::scheme_of_run(session.workspace, session.catalogue, run));
    schemes.push_back(std::move(scheme));
  }
  FENQUN_TRY(auto profiles,
             segment::make_profiles(session.workspace, session.catalogue, schemes, runs, portraits, *session.pool));
  for (std::size_t r = 0; r < runs.size(); ++r)
    model.sections.push_back({std::move(runs[r]), std::move(portraits[r]), std::move(profiles[r])});
  const std::string code(code_of(session.caller.language));
  const auto folder =
      request.folder.empty() ? session.workspace.folder() / "reports" / out.as_of.text() : request.folder;
  FENQUN_CHECK(make_page_folder(folder));
  out.html = folder / ("portraits." + code + ".html");
  out.xlsx = folder / ("portraits." + code + ".xlsx");
  out.csv = folder / ("portraits." + code + ".csv");
  const auto& features = session.catalogue.features();
  FENQUN_TRY(const auto html, report::render_profile_html(model, features, session.texts, session.workspace.assets()));
  FENQUN_CHECK(write_file_atomically(out.html, html));
  FENQUN_CHECK(write_file_atomically(out.csv, report::render_profile_csv(model, features, session.texts)));
  FENQUN_CHECK(report::write_profile_xlsx(model, features, session.texts, out.xlsx));
  stage.done();
  return out;
}

}  // namespace fenqun::app
