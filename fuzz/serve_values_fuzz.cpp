// fuzz/serve_values_fuzz.cpp - bodies, query values and cookies given straight to what reads them, filters to the
// database.
#include "api/customer_filter.hpp"
#include "api/gate.hpp"
#include "api/routes.hpp"
#include "api/server.hpp"
#include "base/error_table.hpp"
#include "segment/scheme.hpp"
#include "serve_place.hpp"

namespace {

using namespace fenqun;
using fuzz::expect;

template <typename T>
bool is_refusal(const Result<T>& result) {
  return result || traits_of(result.error().code).http_status < 500;
}

// The tables that a filter of customers looks at, empty.
struct Tables {
  warehouse::ContractSet contracts = *warehouse::ContractSet::create(AssetStore());
  access::RoleSet rules = *access::RoleSet::create(AssetStore());
  warehouse::Database database = *warehouse::Database::open({}, {});
  warehouse::Connection connection = *database.connect();
  Tables() {
    for (const auto* const entity : {"customer", "org_unit"}) {
      std::string columns;
      for (const auto& field : contracts.find(entity)->fields) {
        columns += (columns.empty() ? "" : ", ") + warehouse::sql_name(field.name) + " " + warehouse::sql_type(field);
      }
      expect(connection.execute(std::string("CREATE TABLE ") + entity + " (" + columns + ")").has_value(), "a table");
    }
    expect(connection
               .execute("CREATE TABLE membership (customer_id VARCHAR, scheme VARCHAR, group_code VARCHAR, "
                        "valid_from DATE, valid_to DATE, superseded_by BIGINT)")
               .has_value(),
           "a table");
  }
};

void try_filter(Tables& tables, const api::Request& request, const access::Viewer& viewer) {
  const access::VisibleData visible(viewer, tables.rules, tables.contracts);
  const auto filter = api::customer_filter(request, visible, *Month::parse("2026-06"));
  expect(is_refusal(filter), "a filter that cannot be is refused");
  if (!filter) return;
  const auto sql = "SELECT count(*) FROM " + visible.rows_of("customer") + " WHERE " + *filter;
  const auto found = tables.connection.query_integer(sql);
  if (!found) std::cerr << found.error().arg("reason") << found.error().arg("message") << "\n" << *filter << "\n";
  expect(found && *found == 0, "a filter can be asked, whatever its values");
}

void try_scheme(const std::string& text) {
  static const auto catalogue = features::FeatureCatalogue::create(AssetStore());
  static const auto texts = Texts::create(AssetStore(), Language::English);
  expect(catalogue.has_value() && texts.has_value(), "the configuration is sound");
  const auto scheme = segment::read_scheme(text, "s.yaml", *catalogue, std::nullopt);
  if (scheme) return;
  expect(traits_of(scheme.error().code).http_status < 500, "a wrong scheme is no fault of ours");
  expect(!render_error(scheme.error(), *texts).empty(), "a wrong scheme is explained");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto routes = api::all_routes();
  static const auto filters = api::customer_filter_parameters();
  static Tables tables;
  fuzz::Choices choices({reinterpret_cast<const char*>(data), size});
  const auto& route = choices.of(routes);
  access::Viewer viewer;
  viewer.scope = access::Scope::all();
  viewer.role = tables.rules.find(choices.one_in(2) ? "manager" : "leader");
  api::RawRequest raw;
  raw.method = route.method;
  for (auto n = choices.below(8); n > 0; --n) {
    const auto& p = choices.of(route.parameters.empty() ? filters : route.parameters);
    raw.query.emplace_back(choices.one_in(8) ? choices.text(16) : p.name, choices.text(64));
  }
  if (choices.one_in(2)) viewer.scope = access::Scope::of({"0301"});  // from the workspace, never from a request
  if (choices.one_in(8)) raw.headers["cookie"] = choices.text(64);
  raw.headers["content-type"] = "application/json";
  raw.body = std::string(reinterpret_cast<const char*>(data), size).substr(std::min<std::size_t>(size, choices.byte()));
  static_cast<void>(api::cookie_of(raw, api::kSessionCookie));
  static_cast<void>(api::parse_listen(choices.text(64)));
  api::Request request;
  request.admission.emplace();
  request.admission->viewer = viewer;
  const auto read = api::read_parameters(route, raw, request);
  expect(is_refusal(read), "what cannot be read is refused");
  if (read && route.pattern.starts_with("/customers")) try_filter(tables, request, viewer);
  if (route.pattern.starts_with("/schemes")) try_scheme(raw.body);
  return 0;
}
