// api/web_files.cpp
#include "api/web_files.hpp"

#include "access/secret.hpp"
#include "base/asset_table.hpp"
#include "base/file.hpp"

#include <array>

namespace fenqun::api {
namespace {

constexpr std::string_view kRoot = "web/app/";
constexpr const char* kIndex = "index.html";
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kTypes = {
    {{".html", "text/html; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".mjs", "text/javascript; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".json", "application/json; charset=utf-8"},
     {".svg", "image/svg+xml"},
     {".png", "image/png"},
     {".ico", "image/x-icon"},
     {".woff2", "font/woff2"},
     {".woff", "font/woff"},
     {".txt", "text/plain; charset=utf-8"},
     {".webmanifest", "application/manifest+json"}}};

std::string type_of(std::string_view name) {
  for (const auto& [suffix, type] : kTypes) {
    if (name.ends_with(suffix)) return std::string(type);
  }
  return "application/octet-stream";
}

bool is_place(std::string_view name) { return name.substr(name.rfind('/') + 1).find('.') == std::string_view::npos; }

// A name that could leave the folder is none.
bool is_plain(std::string_view name) {
  return name.find("..") == std::string_view::npos && name.find('\\') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos && !name.starts_with('/');
}

constexpr std::string_view kNoPages =
    "<!doctype html><html lang=\"zh-CN\"><head><meta "
    "charset=\"utf-8\"><title>fenqun</title></head><body><h1>fenqun</h1>"
    "<p>本程序未包含网页界面；接口位于 <a href=\"/api/v1/openapi.json\">/api/v1</a>。</p>"
    "<p>This program was built without its web pages; the interface for programs is at "
    "<a href=\"/api/v1/openapi.json\">/api/v1</a>.</p></body></html>";

}  // namespace

WebFiles::WebFiles(std::optional<std::filesystem::path> folder) : folder_(std::move(folder)) {
  for (const auto& asset : embedded_assets()) {
    const std::string_view path = asset.path;
    if (!path.starts_with(kRoot)) continue;
    built_in_.emplace(std::string(path.substr(kRoot.size())),
                      std::string_view(asset.begin, static_cast<std::size_t>(asset.end - asset.begin)));
  }
}

std::optional<std::string> WebFiles::find(const std::string& name) const {
  if (!is_plain(name)) return std::nullopt;
  if (folder_) {
    auto text = read_file(*folder_ / name);
    if (!text) return std::nullopt;
    return *std::move(text);
  }
  const auto at = built_in_.find(name);
  if (at == built_in_.end()) return std::nullopt;
  return std::string(at->second);
}

Response WebFiles::answer(std::string_view path, bool takes_gzip) const {
  std::string name(path.substr(path.starts_with('/') ? 1 : 0));
  if (is_plain(name) && is_place(name)) name = kIndex;
  if (name == kIndex) return first_page();
  Response out;
  out.type = type_of(name);
  // Packed once when it was built, not at every request.
  auto text = takes_gzip ? find(name + ".gz") : std::nullopt;
  out.is_gzip = text.has_value();
  if (!text) text = find(name);
  if (!text) {
    out.status = 404;
    out.type = type_of(kIndex);
    out.body = "<!doctype html><title>404</title>404";
    return out;
  }
  out.body = *std::move(text);
  // Names below assets/ hold a hash of the content.
  const bool is_lasting = name.starts_with("assets/");
  out.headers.emplace_back("Cache-Control", is_lasting ? "public, max-age=31536000, immutable" : "no-cache");
  return out;
}

Response WebFiles::first_page() const {
  constexpr std::string_view kPlace = "__CSP_NONCE__";
  constexpr std::size_t kNonceBytes = 16;
  Response out;
  out.type = type_of(kIndex);
  out.headers.emplace_back("Cache-Control", "no-store");
  auto text = find(kIndex);
  out.status = text ? 200 : 503;
  out.body = text ? *std::move(text) : std::string(kNoPages);
  out.style_nonce = access::random_hex(kNonceBytes);
  for (auto at = out.body.find(kPlace); at != std::string::npos; at = out.body.find(kPlace, at)) {
    out.body.replace(at, kPlace.size(), out.style_nonce);
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> security_headers(const std::string& style_nonce, bool is_secure) {
  const auto styles = style_nonce.empty() ? std::string() : " 'nonce-" + style_nonce + "'";
  std::vector<std::pair<std::string, std::string>> out = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'" + styles +
           "; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; "
           "frame-ancestors 'self'; base-uri 'none'; form-action 'self'"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "SAMEORIGIN"},
      {"Referrer-Policy", "no-referrer"},
      {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"}};
  if (is_secure) out.emplace_back("Strict-Transport-Security", "max-age=31536000");
  return out;
}

}  // namespace fenqun::api
