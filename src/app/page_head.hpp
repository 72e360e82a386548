// app/page_head.hpp - what pages of several kinds have in common. Level 6, inside the room.
#pragma once

#include "app/context.hpp"

#include <filesystem>
#include <string>

namespace fenqun::app {

/// What a page says of its own making.
struct PageHead {
  std::string workspace_name;
  std::string generated_at;  // empty where the caller has no clock
  std::string build;
  bool synthetic = false;  // the workspace holds made-up data
};

/// Errors: BadData (fenqun.yaml), Database.
Result<PageHead> page_head(Session& session);

/// The same into the model of a page.
template <typename Model>
Result<void> fill_head(Session& session, Model& model) {
  FENQUN_TRY(auto head, page_head(session));
  model.workspace_name = std::move(head.workspace_name);
  model.generated_at = std::move(head.generated_at);
  model.build = std::move(head.build);
  model.synthetic = head.synthetic;
  return {};
}

/// The folder for a page that is to be written; empty: the one the program runs in. Errors: Io.
Result<void> make_page_folder(const std::filesystem::path& folder);

}  // namespace fenqun::app
