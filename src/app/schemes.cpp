// app/schemes.cpp
#include "app/schemes.hpp"

#include "base/file.hpp"

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

}  // namespace fenqun::app
