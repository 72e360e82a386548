// tests/unit/api/openapi_test.cpp - the document of the interface says what the routes do, and nothing else.
#include "api/routes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace fenqun::api {
namespace {

// What stands behind a reference to another part of the document.
Json resolved(const Json& document, const Json& node) {
  const auto at = node.find("$ref");
  if (at == node.end()) return node;
  return document.at(Json::json_pointer(at->get<std::string>().substr(1)));
}

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

class OpenApi : public testing::Test {
 protected:
  void SetUp() override {
    auto document = openapi_json();
    ASSERT_TRUE(document.has_value()) << document.error().line.key;
    document_ = *document;
  }
  const Json* operation(const Route& route) const {
    const auto path = document_["paths"].find(route.pattern);
    if (path == document_["paths"].end()) return nullptr;
    const auto at = path->find(lower(route.method));
    return at == path->end() ? nullptr : &*at;
  }
  Json body_of(const Json& operation) const {
    if (!operation.contains("requestBody")) return {};
    const auto& content = operation["requestBody"]["content"];
    return content.contains("application/json") ? resolved(document_, content["application/json"]["schema"]) : Json();
  }
  Json document_;
};

void expect_bounds(const Parameter& p, const Json& schema, const std::string& where) {
  if (p.kind == Kind::Integer) {
    EXPECT_EQ(schema.value("type", ""), "integer") << where;
    EXPECT_EQ(schema.value("minimum", std::numeric_limits<double>::lowest()), p.least) << where;
    EXPECT_EQ(schema.value("maximum", std::numeric_limits<double>::max()), p.most) << where;
  }
  if (p.kind == Kind::Choice) {
    EXPECT_EQ(schema.value("enum", std::vector<std::string>{}), p.choices) << where;
  }
  if (p.kind == Kind::Boolean) {
    EXPECT_EQ(schema.value("type", ""), "boolean") << where;
  }
  if (p.kind == Kind::Texts) {
    EXPECT_EQ(schema.value("type", ""), "array") << where;
  }
}

TEST_F(OpenApi, EveryRouteStandsInTheDocumentWithItsRight) {
  for (const auto& route : all_routes()) {
    const auto* const found = operation(route);
    ASSERT_NE(found, nullptr) << route.title();
    EXPECT_EQ((*found)["x-right"], route.right) << route.title();
    EXPECT_FALSE(found->contains("x-planned")) << route.title() << " is served";
  }
}

TEST_F(OpenApi, EveryOperationOfTheDocumentIsServed) {
  std::set<std::string> served;
  for (const auto& route : all_routes()) served.insert(lower(route.method) + " " + route.pattern);
  for (const auto& [path, operations] : document_["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) {
      if (operation.contains("x-planned")) continue;
      EXPECT_TRUE(served.contains(method + " " + path)) << method << " " << path;
    }
  }
}

TEST_F(OpenApi, ParametersAreTheSameInBoth) {
  for (const auto& route : all_routes()) {
    const auto* const found = operation(route);
    ASSERT_NE(found, nullptr);
    std::map<std::string, Json> stated;
    for (const auto& one : found->value("parameters", Json::array())) {
      const auto parameter = resolved(document_, one);
      stated[parameter["name"].get<std::string>()] = parameter;
    }
    std::size_t named = 0;
    for (const auto& p : route.parameters) {
      if (p.place == Place::Body) continue;
      const auto where = route.title() + " " + p.name;
      named += 1;
      ASSERT_TRUE(stated.contains(p.name)) << where;
      EXPECT_EQ(stated[p.name]["in"], p.place == Place::Path ? "path" : "query") << where;
      EXPECT_EQ(stated[p.name].value("required", false), p.need == Need::Required) << where;
      expect_bounds(p, stated[p.name]["schema"], where);
    }
    EXPECT_EQ(named, stated.size()) << route.title();
  }
}

TEST_F(OpenApi, BodiesAreTheSameInBoth) {
  for (const auto& route : all_routes()) {
    const auto schema = body_of(*operation(route));
    EXPECT_EQ(schema.is_object(), route.body == BodyKind::Object) << route.title();
    if (!schema.is_object()) continue;
    std::set<std::string> stated;
    for (const auto& [name, one] : schema["properties"].items()) stated.insert(name);
    const auto required = schema.value("required", std::vector<std::string>{});
    std::set<std::string> named;
    for (const auto& p : route.parameters) {
      if (p.place != Place::Body) continue;
      const auto where = route.title() + " " + p.name;
      named.insert(p.name);
      ASSERT_TRUE(schema["properties"].contains(p.name)) << where;
      const bool is_required = std::find(required.begin(), required.end(), p.name) != required.end();
      EXPECT_EQ(is_required, p.need == Need::Required) << where;
      expect_bounds(p, resolved(document_, schema["properties"][p.name]), where);
    }
    EXPECT_EQ(named, stated) << route.title();
  }
}

TEST_F(OpenApi, EveryRightOfARouteIsOneOfTheRoles) {
  const auto rules = access::RoleSet::create(AssetStore());
  ASSERT_TRUE(rules.has_value());
  for (const auto& route : all_routes()) {
    if (route.right == kPublic || route.right == kSelf) continue;
    EXPECT_TRUE(rules->knows_right(route.right)) << route.title();
  }
}

TEST_F(OpenApi, WhatChangesSomethingIsAudited) {
  for (const auto& route : all_routes()) {
    if (!route.is_write()) continue;
    EXPECT_EQ(route.audited, Audited::Now) << route.title();
  }
}

}  // namespace
}  // namespace fenqun::api
