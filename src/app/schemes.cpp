// app/schemes.cpp
#include "app/schemes.hpp"

#include "app/segmentation.hpp"
#include "base/file.hpp"
#include "base/short_text.hpp"
#include "segment/scheme_order.hpp"

#include <algorithm>
#include <sstream>

namespace fenqun::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBuiltIn = "built-in:";
constexpr std::size_t kLongestName = 60;

// Names stand in file names, SQL and commands.
bool can_be_name(const std::string& name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name.size() <= kLongestName && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(), fits);
}

// The text under another name, with a note of where it comes from. Line by line, so that comments stay.
std::string renamed(const segment::Scheme& scheme, const std::string& copy) {
  std::istringstream lines(scheme.text);
  std::string out;
  bool in_old_note = false;
  for (std::string line; std::getline(lines, line);) {
    if (in_old_note && !line.empty() && (line.front() == ' ' || line.front() == '\t')) continue;
    in_old_note = line.starts_with("derived_from:");
    if (in_old_note) continue;
    if (line.starts_with("scheme:")) {
      line = "scheme: " + copy + "\nderived_from: {scheme: " + scheme.name +
             ", version: " + std::to_string(scheme.version) + ", definition: \"" + scheme.fingerprint + "\"}";
    } else if (line.starts_with("version:")) {
      line = "version: 1";
    }
    out += line + "\n";
  }
  return out;
}

}  // namespace

Result<std::vector<SchemeEntry>> list_schemes(Session& session) {
  const auto& assets = session.workspace.assets();
  FENQUN_TRY(const auto definitions, segment::definitions_of(session.workspace, ""));
  std::vector<SchemeEntry> out;
  for (const auto& name : segment::scheme_names(assets)) {
    FENQUN_TRY(const auto file, segment::scheme_file(assets, name));
    SchemeEntry entry{name, file.origin, file.origin.starts_with(kBuiltIn), {}, {}, 0, 0};
    auto read = segment::read_scheme(file.text, file.origin, session.catalogue, name);
    if (read)
      entry.scheme = std::move(*read);
    else
      entry.problem = std::move(read).error();
    for (const auto& definition : definitions) {
      if (definition.scheme != name) continue;
      ++entry.definitions;
      entry.runs += definition.runs;
    }
    out.push_back(std::move(entry));
  }
  return out;
}

Result<segment::Definition> show_scheme(Session& session, const std::string& name, const std::string& definition) {
  if (!definition.empty()) {
    FENQUN_TRY(auto found, segment::find_definition(session.workspace, definition));
    if (found.scheme == name) return found;
    return fail(ErrorCode::NotFound, "app.definition_of_other",
                {{"definition", definition}, {"scheme", found.scheme}, {"name", name}});
  }
  FENQUN_TRY(const auto file, segment::scheme_file(session.workspace.assets(), name));
  // A faulty file is shown all the same: that is how its fault is found.
  const auto parsed = segment::parse_scheme(file.text, file.origin, session.catalogue, name);
  return segment::Definition{name, parsed.scheme.version, parsed.scheme.fingerprint, file.text, file.origin, "", 0};
}

Result<CloneOutcome> clone_scheme(Session& session, const std::string& name, const std::string& copy) {
  const auto& assets = session.workspace.assets();
  if (!can_be_name(copy)) return fail(ErrorCode::InvalidArgument, "app.scheme_name", {{"name", copy}});
  FENQUN_TRY(const auto scheme, segment::load_scheme(assets, session.catalogue, name));
  CloneOutcome out;
  out.file = session.workspace.folder() / "config" / "schemes" / (copy + ".yaml");
  std::error_code ec;
  const auto there = segment::scheme_file(assets, copy);
  if (there || fs::exists(out.file, ec)) {
    return fail(ErrorCode::Conflict, "app.scheme_exists",
                {{"name", copy}, {"file", there ? there->origin : out.file.string()}});
  }
  const auto text = renamed(scheme, copy);
  FENQUN_TRY(out.scheme, segment::read_scheme(text, out.file.string(), session.catalogue, copy));
  fs::create_directories(out.file.parent_path(), ec);
  if (ec) return fail(ErrorCode::Io, "base.cannot_write", {{"path", out.file.string()}, {"reason", ec.message()}});
  FENQUN_CHECK(write_file_atomically(out.file, text));
  return out;
}

Result<Asset> find_scheme_file(Session& session, const std::string& name_or_file) {
  std::error_code ec;
  if (!name_or_file.ends_with(".yaml")) return segment::scheme_file(session.workspace.assets(), name_or_file);
  if (!fs::is_regular_file(name_or_file, ec)) {
    return fail(ErrorCode::NotFound, "app.no_scheme_file", {{"path", short_text(name_or_file)}});
  }
  FENQUN_TRY(auto text, read_file(name_or_file));
  return Asset{name_or_file, name_or_file, std::move(text)};
}

Result<std::vector<segment::CheckedScheme>> check_schemes(Session& session, const std::vector<std::string>& named,
                                                          std::optional<Month> month) {
  if (!month) {
    const auto latest = latest_prepared_month(session);
    if (latest) month = *latest;
  }
  const auto names = named.empty() ? segment::scheme_names(session.workspace.assets()) : named;
  std::vector<Asset> files;
  std::vector<segment::Scheme> beside;  // files from elsewhere that are given together know each other
  for (const auto& name : names) {
    FENQUN_TRY(auto file, find_scheme_file(session, name));
    if (file.path == name) {
      auto scheme = segment::read_scheme(file.text, file.origin, session.catalogue, {});
      if (scheme) beside.push_back(std::move(*scheme));
    }
    files.push_back(std::move(file));
  }
  std::vector<segment::CheckedScheme> out;
  for (std::size_t i = 0; i < files.size(); ++i) {
    // A file of the registry is called as its scheme; one from elsewhere may become any.
    const auto expected = files[i].path == names[i] ? std::nullopt : std::optional<std::string>(names[i]);
    FENQUN_TRY(auto checked, segment::check_scheme(session.workspace, session.catalogue, files[i], expected, month,
                                                   *session.pool, beside));
    if (checked.name.empty()) checked.name = names[i];
    out.push_back(std::move(checked));
  }
  return out;
}

Result<ledger::Preview> preview_scheme(Session& session, const std::string& name_or_file, std::optional<Month> month) {
  FENQUN_TRY(const auto file, find_scheme_file(session, name_or_file));
  segment::SegmentOptions options;
  if (month) {
    options.as_of = *month;
  } else {
    FENQUN_TRY(options.as_of, latest_prepared_month(session));
  }
  FENQUN_TRY(auto scheme, segment::read_scheme(file.text, file.origin, session.catalogue, {}));
  FENQUN_TRY(const auto order, segment::order_with(session.workspace.assets(), session.catalogue, std::move(scheme)));
  ProgressStage stage(session, "app.stage_segment", {{"scheme", order.back().title.in(session.caller.language)}});
  FENQUN_TRY(auto preview,
             ledger::preview_scheme(session.workspace, session.catalogue, order.back(), options, *session.pool));
  stage.done();
  return preview;
}

}  // namespace fenqun::app
