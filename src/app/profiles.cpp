// app/profiles.cpp
#include "app/profiles.hpp"

#include "app/segmentation.hpp"
#include "base/build_id.hpp"
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
  FENQUN_TRY(model.workspace_name, session.workspace.settings().text("name", "fenqun"));
  model.as_of = out.as_of.text();
  model.generated_at = session.caller.now ? session.caller.now() : "";
  model.build = build_id();
  FENQUN_TRY(const auto synthetic,
             session.workspace.connection().query("SELECT value FROM meta WHERE key = 'synthetic'"));
  model.synthetic = !synthetic.rows.empty() && synthetic.text(0, 0) == "true";
  FENQUN_TRY(auto portrayed, portray(session, out.as_of, request.schemes));
  std::vector<segment::Scheme> schemes;
  std::vector<segment::RunResult> runs;
  std::vector<segment::Portrait> portraits;
  for (auto& one : portrayed) {
    FENQUN_TRY(auto scheme, segment::scheme_of_run(session.workspace, session.catalogue, one.run));
    schemes.push_back(std::move(scheme));
    runs.push_back(std::move(one.run));
    portraits.push_back(std::move(one.portrait));
  }
  FENQUN_TRY(auto profiles,
             segment::make_profiles(session.workspace, session.catalogue, schemes, runs, portraits, *session.pool));
  for (std::size_t r = 0; r < runs.size(); ++r)
    model.sections.push_back({std::move(runs[r]), std::move(portraits[r]), std::move(profiles[r])});
  const std::string code(code_of(session.caller.language));
  const auto folder =
      request.folder.empty() ? session.workspace.folder() / "reports" / out.as_of.text() : request.folder;
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) return fail(ErrorCode::Io, "base.cannot_write", {{"path", folder.string()}, {"reason", ec.message()}});
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
