// api/route.hpp - a route as data: what it is called, who may, what it takes, what it does. Level 7.
#pragma once

#include "api/message.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::api {

class Service;

enum class Place : std::uint8_t { Path, Query, Body };
enum class Kind : std::uint8_t {
  Text,
  Integer,
  Number,
  Boolean,
  Texts,
  Fields,
  Month,
  Day,
  Choice
};  // Fields: names and texts
enum class Need : std::uint8_t { Required, Optional };

struct Parameter {
  std::string name;
  Place place = Place::Query;
  Kind kind = Kind::Text;
  Need need = Need::Optional;
  double least = std::numeric_limits<double>::lowest();  // of numbers; of texts: characters
  double most = std::numeric_limits<double>::max();
  std::vector<std::string> choices = {};
};

/// Rights that are none of a role's.
inline constexpr std::string_view kPublic = "public";  // nobody has to be logged in
inline constexpr std::string_view kSelf = "self";      // anybody who is

/// What of a call is written into the audit trail: nothing; at leisure (it changed nothing); before the answer.
enum class Audited : std::uint8_t { No, Later, Now };
enum class BodyKind : std::uint8_t { None, Object, Stream };  // Stream: bytes, of any number

struct Route {
  std::string method;   // "GET"
  std::string pattern;  // "/users/{user}", below /api/v1
  std::string right;
  std::vector<Parameter> parameters;
  std::function<Result<Response>(Service&, Request&)> handler;
  Audited audited = Audited::No;
  BodyKind body = BodyKind::None;

  [[nodiscard]] std::string title() const { return method + " " + pattern; }
  [[nodiscard]] bool is_write() const { return method != "GET"; }
};

// Parameters that many routes have.
Parameter page_parameter();
Parameter page_size_parameter();
Parameter month_parameter();
Parameter in_path(const std::string& name);
Parameter text_query(const std::string& name, std::size_t most = 256);
Parameter text_field(const std::string& name, Need need, std::size_t least, std::size_t most);

/// The route of a method and a path below /api/v1, with the values of the path; nullptr when there is none.
/// `other_method`: the path is there for another method.
class Router {
 public:
  explicit Router(std::vector<Route> routes) : routes_(std::move(routes)) {}
  struct Match {
    const Route* route = nullptr;
    Values values;
    bool other_method = false;
  };
  [[nodiscard]] Match find(std::string_view method, std::string_view path) const;
  [[nodiscard]] const std::vector<Route>& routes() const noexcept { return routes_; }

 private:
  std::vector<Route> routes_;
};

/// Checks what came against the route's parameters and fills in the request. An unknown or repeated name is refused: a
/// misspelt filter must not be silently without effect. Errors: InvalidArgument with the field at fault as `field`.
Result<void> read_parameters(const Route& route, const RawRequest& raw, Request& request);

}  // namespace fenqun::api
