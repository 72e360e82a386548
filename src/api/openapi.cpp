// api/openapi.cpp - the document of the interface, as YAML and as JSON.
#include "api/routes.hpp"
#include "base/asset.hpp"
#include "base/settings.hpp"

#include <charconv>

namespace fenqun::api {
namespace {

constexpr std::string_view kDocument = "api/openapi.yaml";

// A plain word as JSON has it. The document quotes what looks like a number and is none, but for keys.
Json scalar(const std::string& text, std::string_view key) {
  if (key == "version" || key == "openapi" || key == "pattern") return text;
  if (text == "true" || text == "false") return text == "true";
  double number = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (text.empty() || read.ec != std::errc() || read.ptr != end) return text;
  return static_cast<std::int64_t>(number);
}

Result<Json> json_of(const Settings& node, std::string_view key) {
  if (node.is_map()) {
    Json out = Json::object();
    FENQUN_TRY(const auto entries, node.entries());
    for (const auto& [name, child] : entries) {
      FENQUN_TRY(out[name], json_of(child, name));
    }
    return out;
  }
  if (node.is_list()) {
    Json out = Json::array();
    FENQUN_TRY(const auto items, node.items());
    for (const auto& item : items) {
      FENQUN_TRY(auto one, json_of(item, key));
      out.push_back(std::move(one));
    }
    return out;
  }
  FENQUN_TRY(const auto text, node.text());
  return scalar(text, key);
}

}  // namespace

Result<std::string> openapi_yaml() {
  FENQUN_TRY(auto asset, AssetStore().read(kDocument));
  return std::move(asset.text);
}

Result<Json> openapi_json() {
  FENQUN_TRY(const auto text, openapi_yaml());
  FENQUN_TRY(const auto document, Settings::parse(text, std::string(kDocument)));
  return json_of(document, "");
}

}  // namespace fenqun::api
