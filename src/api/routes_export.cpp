// api/routes_export.cpp - lists of customers as files: made whole, counted and hashed, logged, then sent.
#include "api/routes.hpp"

#include "api/customer_filter.hpp"
#include "base/file.hpp"
#include "warehouse/database.hpp"
#include "warehouse/spreadsheet.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace fenqun::api {

using warehouse::sql_text;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = 1 << 18;
constexpr std::size_t kLongestPurpose = 200;

// A file that goes when nobody sends it any more.
class PassingFile {
 public:
  explicit PassingFile(fs::path path) : path_(std::move(path)) {}
  PassingFile(const PassingFile&) = delete;
  PassingFile& operator=(const PassingFile&) = delete;
  ~PassingFile() {
    std::error_code ec;
    fs::remove(path_, ec);
  }
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

Result<void> write_list(app::Session& session, const access::VisibleData& visible, const std::string& filter,
                        const std::string& format, const fs::path& file) {
  const auto rows = "SELECT * FROM " + visible.rows_of("customer") + " WHERE " + filter + " ORDER BY customer_id";
  if (format == "csv") return warehouse::write_spreadsheet(session.workspace.connection(), rows, file);
  return session.workspace.connection().execute(
      fmt::format("COPY ({}) TO {} (FORMAT parquet)", rows, sql_text(file.string())));
}

Result<access::ExportEntry> log_entry(Service& service, const Request& request, const access::VisibleData& visible) {
  access::ExportEntry entry;
  entry.at = service.now();
  entry.user = request.viewer().user;
  entry.role = request.viewer().role->name;
  entry.subject = "customers";
  entry.purpose = request.text("purpose");
  entry.format = request.text("format", "csv");
  entry.masked = !visible.covered_fields(*service.workspace().contracts().find("customer")).empty();
  entry.outcome = "done";
  return entry;
}

Result<Response> export_customers(Service& service, Request& request) {
  const auto visible = service.visible(request.viewer());
  FENQUN_TRY(const auto filter, customer_filter(request, visible, service.this_month()));
  FENQUN_TRY(auto entry, log_entry(service, request, visible));
  const auto folder = service.workspace().folder() / "tmp" / "exports";
  std::error_code ec;
  fs::create_directories(folder, ec);
  // Shared: the function that sends has to be copied.
  const auto file = std::make_shared<PassingFile>(folder / (request.trace_id + "." + entry.format));
  {
    FENQUN_TRY(auto lease, service.session(request.language));
    FENQUN_TRY(entry.rows, lease->workspace.connection().query_integer(
                               "SELECT count(*) FROM " + visible.rows_of("customer") + " WHERE " + filter));
    FENQUN_CHECK(write_list(*lease, visible, filter, entry.format, file->path()));
  }
  FENQUN_TRY(entry.hash, hash_file(file->path()));
  request.detail = fmt::format("{} rows, {}", entry.rows, entry.purpose);
  FENQUN_CHECK(service.audit().note_export(entry));
  Response out;
  out.type = entry.format == "csv" ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet";
  out.headers = {{"X-Row-Count", std::to_string(entry.rows)},
                 {"X-Content-Hash", entry.hash},
                 {"Content-Disposition", "attachment; filename=\"customers." + entry.format + "\""}};
  const auto in = std::make_shared<std::ifstream>(file->path(), std::ios::binary);
  out.stream = [file, in](const Response::Write& write) {
    std::string piece(kPieceBytes, '\0');
    in->read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto got = static_cast<std::size_t>(in->gcount());
    return got > 0 && write(std::string_view(piece).substr(0, got)) && got == kPieceBytes;
  };
  return out;
}

}  // namespace

std::vector<Route> export_routes() {
  std::vector<Parameter> parameters = {{"format", Place::Query, Kind::Choice, Need::Optional, 0, 0, {"csv", "parquet"}},
                                       {"purpose", Place::Query, Kind::Text, Need::Required, 2, kLongestPurpose}};
  for (auto& one : customer_filter_parameters()) parameters.push_back(std::move(one));
  return {{"GET", "/customers/export", "customers.export", std::move(parameters), export_customers, Audited::Now}};
}

}  // namespace fenqun::api
