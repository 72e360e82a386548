// app/drop_folder.hpp - use case: load whatever is put into a folder, as it comes. Level 6.
#pragma once

#include "app/context.hpp"
#include "ingest/ingest.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

namespace fenqun::app {

struct DropRequest {
  std::filesystem::path workspace;
  std::filesystem::path folder;
  std::chrono::milliseconds interval{10'000};  // between two looks
  bool once = false;                           // what is there now, then end
  std::optional<double> max_rejected_share;
};

/// What became of one file.
struct Arrival {
  enum class Fate : std::uint8_t { Loaded, Known, Refused };  // Known: its content had been loaded before
  Fate fate = Fate::Loaded;
  std::filesystem::path file;      // as it came
  std::filesystem::path moved_to;  // where it lies now
  ingest::IngestOutcome outcome;   // Loaded, Known
  Error why;                       // Refused
};

/// Looks into `folder` again and again until the caller's stop asks, and loads each file that did not change between
/// two looks (with `once`: that is there). Names beginning with a dot or ending in .part, .tmp, .crdownload are left
/// alone. How a file is read:
///   folder/<name>/file   name is a mapping's (config/mappings) or an entity's
///   folder/file          the first of fenqun.yaml's `drop: [{files: "*缴费*", map: name}]` whose pattern fits; else
///                        canonical, by its name or header
/// A loaded file goes to folder/loaded/<batch>_<name>, a refused one to folder/refused with a .reason.txt beside it, so
/// nothing is tried twice. The workspace is held only while a file is loaded; when another process has it, the file
/// waits. `tell` hears of each file once. A kill at any moment loses and doubles nothing: what was loaded is known
/// again. Errors: BadData (the folder cannot be read; the `drop` setting), Io (a file cannot be moved; disk full), and
/// what Session::open says of the workspace when it is not just busy.
Result<void> watch_folder(const Caller& caller, const DropRequest& request,
                          const std::function<void(const Arrival&, const Texts&)>& tell);

}  // namespace fenqun::app
