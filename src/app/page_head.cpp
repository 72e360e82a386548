// app/page_head.cpp
#include "app/page_head.hpp"

#include "base/build_id.hpp"

#include <system_error>

namespace fenqun::app {

Result<PageHead> page_head(Session& session) {
  PageHead out;
  FENQUN_TRY(out.workspace_name, session.workspace.settings().text("name", "fenqun"));
  out.generated_at = session.caller.now ? session.caller.now() : "";
  out.build = build_id();
  FENQUN_TRY(const auto synthetic,
             session.workspace.connection().query("SELECT value FROM meta WHERE key = 'synthetic'"));
  out.synthetic = !synthetic.rows.empty() && synthetic.text(0, 0) == "true";
  return out;
}

Result<void> make_page_folder(const std::filesystem::path& folder) {
  if (folder.empty()) return {};
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) return fail(ErrorCode::Io, "base.cannot_write", {{"path", folder.string()}, {"reason", ec.message()}});
  return {};
}

}  // namespace fenqun::app
