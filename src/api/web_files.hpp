// api/web_files.hpp - the pages of the web interface, as they are built into the program or lie in a folder. Level 7.
#pragma once

#include "api/message.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace fenqun::api {

/// Immutable after create: safe from several threads.
class WebFiles {
 public:
  /// Those built in (assets web/app/...), or, where a folder is given, its files, read anew each time.
  explicit WebFiles(std::optional<std::filesystem::path> folder = std::nullopt);

  /// The file of a path, packed where it lies beside it as .gz and the caller takes that; a path without a dot in its
  /// last part is a place within the interface and gives index.html, with a fresh nonce for its styles. Nothing outside
  /// of the folder is ever read. 404 for other names; 503 with a page that says so where no interface is built in.
  [[nodiscard]] Response answer(std::string_view path, bool takes_gzip) const;

 private:
  [[nodiscard]] Response first_page() const;
  [[nodiscard]] std::optional<std::string> find(const std::string& name) const;

  std::optional<std::filesystem::path> folder_;
  std::map<std::string, std::string_view, std::less<>> built_in_;
};

/// Headers of every answer: what a browser may do with it. Styles that bear the nonce count (empty: none);
/// `is_secure`: it came by TLS.
std::vector<std::pair<std::string, std::string>> security_headers(const std::string& style_nonce, bool is_secure);

}  // namespace fenqun::api
