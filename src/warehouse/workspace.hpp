// warehouse/workspace.hpp - a workspace: the folder that holds one utility's data and results. Level 1.
//   fenqun.yaml        settings                         warehouse.duckdb   masters, batches, results
//   lake/<entity>/month=YYYY-MM/*.parquet   bulky facts  tmp/              scratch, emptied at every start
//   runs/<run>/        artefacts of a run                reports/          finished reports
//   customers.duckdb   facts by customer, derived: may be removed while nothing runs
#pragma once

#include "base/month.hpp"
#include "base/settings.hpp"
#include "warehouse/contract.hpp"
#include "warehouse/database.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::warehouse {

struct WorkspaceOptions {
  std::size_t threads = 0;               // 0: number of processors
  std::uint64_t memory_limit_bytes = 0;  // 0: fenqun.yaml's memory_limit_gib, else half the machine, at most 6 GiB
  std::stop_token stop;
  Progress* progress = nullptr;  // may be null
  bool tolerate_damage = false;  // opens although lake files are missing or changed or batches wait to be loaded
                                 // again; views leave those out
  bool reads_only = false;       // the caller writes nothing: a folder that cannot be written is opened too
};

/// A file of the lake as the manifest (table lake_file) knows it. The manifest is the truth: a file that it does not
/// name is not looked at. What an interrupted commit had moved in stands in the journal and is removed at the next
/// open. A file is never changed: other rows are another file.
struct LakeFile {
  std::string entity;
  Month month;
  std::string path;      // relative to the workspace
  std::string batch_id;  // whose rows these are; empty: column _batch of the file says it row by row (compacted)
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string hash = {};  // of the content, as hash_file gives it; empty when handed to commit(): it takes the hash
};

/// Entities of the manifest that are none of the contracts:
///   wide, and names that begin with _      derived from the others: lost ones can be made again
///   <entity>.superseded                    rows that a later batch replaced, with their own batch in column _batch;
///   the
///                                          month is that of the replacing, the file's batch the one that replaced them
bool is_derived(std::string_view entity);
std::string superseded_of(std::string_view entity);
/// "bill" of "bill" and of "bill.superseded".
std::string counted_as(std::string_view entity);

/// `bill by customer`: a view with the rows of `bill`, for statements that want those of one customer. Where
/// Workspace::arrange_customer_rows was run it finds them in a millisecond, else it reads every file like `bill`.
std::string by_customer(std::string_view entity);

/// Stem of files whose rows are of several batches.
inline constexpr std::string_view kCompactedStem = "compacted";

/// Where another file of that stem goes: lake/<entity>/month=YYYY-MM/<stem>.parquet, or with a number after the stem
/// that is above those of `existing` files.
std::string next_lake_path(std::string_view entity, Month month, std::string_view stem,
                           const std::vector<LakeFile>& existing);

/// Where a commit announces the lake files that it is about to move or remove, relative to the workspace.
inline constexpr const char* kCommitJournal = "tmp/commit";

class Workspace {
 public:
  /// Makes a new workspace. Errors: Conflict (one is there already), Io.
  static Result<void> init(const std::filesystem::path& folder, const std::string& name);
  /// Opens it, migrates its tables, removes leftovers of interrupted work. A feature month
  /// whose file is lost leaves the manifest: it can be made again. Errors: NotFound (no workspace there), Conflict (in
  /// use by another process), BadData (fenqun.yaml; the database is gone while its lake is there; a lake file is
  /// missing or has another size than when it was written, or a batch waits to be loaded again, unless that is
  /// tolerated), Io, Database. A lost file of rows kept aside is tolerated always: no view shows them.
  static Result<Workspace> open(const std::filesystem::path& folder, const WorkspaceOptions& options);

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  [[nodiscard]] const AssetStore& assets() const noexcept { return assets_; }
  [[nodiscard]] const ContractSet& contracts() const noexcept { return contracts_; }
  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
  [[nodiscard]] const WorkspaceOptions& options() const noexcept { return options_; }
  /// The session that single-threaded use cases share. Long statements report to options().progress and stop.
  [[nodiscard]] Connection& connection() noexcept { return connection_; }
  /// A further session, for work that several threads do at once. It stops when options().stop asks. Errors: Database.
  Result<Connection> connect();
  /// Database::lost: of the database that all its sessions work on.
  [[nodiscard]] std::stop_token lost() const noexcept;
  /// A further workspace on the same open database for another thread, with a session and scratch names of its own; any
  /// of them may go first. What another one commits shows in the next statement. From any thread while nothing else
  /// uses this workspace. Errors: Database.
  Result<Workspace> share(Progress* progress, std::stop_token stop);
  [[nodiscard]] Progress& progress() noexcept;
  [[nodiscard]] bool stop_requested() const noexcept { return options_.stop.stop_requested(); }

  /// A scratch database of its own, attached to the shared session: staging lives there, so that the warehouse does not
  /// grow and refused input leaves no trace. One at a time per name. OnDisk: a file in tmp/, for bulk. InMemory: for a
  /// few columns of each customer; quicker by what compressing and writing takes, and spills when memory is short.
  class Scratch;
  enum class ScratchPlace : std::uint8_t { OnDisk, InMemory };
  Result<Scratch> scratch(const std::string& name, ScratchPlace place = ScratchPlace::OnDisk);

  /// Statements of connection() and connect() may name any entity: a view with exactly the contract's columns, typed,
  /// empty when nothing was loaded; and `wide` and `readiness`, views over all feature months (lake_views.hpp).
  /// Entities that have at least one row.
  Result<std::vector<std::string>> loaded_entities();
  Result<std::vector<LakeFile>> lake_files(const std::string& entity);
  /// Is this file of the manifest (LakeFile::path) missing or changed, as far as is known? Views leave it out.
  [[nodiscard]] bool is_damaged(const std::string& path) const { return damaged_.contains(path); }
  /// From now on it is.
  void leave_out(const std::string& path);

  /// Moves finished files (paths relative to `staging`, laid out as entity/month=YYYY-MM/name.parquet) into the lake,
  /// enters them in the manifest, takes `obsolete` files (LakeFile::path) out of it, and runs `statements` (result
  /// rows), all in one transaction: after a crash at any moment either all of it is there or none.
  /// Errors: Io, Database, Conflict.
  Result<void> commit(const std::filesystem::path& staging, const std::vector<LakeFile>& files,
                      const std::vector<std::string>& statements, const std::vector<std::string>& obsolete = {});

  /// Opens (or makes anew) customers.duckdb, which holds facts once more in the order of customers: what the views by
  /// customer read. Once, before anything is shared; without it they read the lake. Errors: Io, Database.
  Result<void> keep_customer_rows();
  /// Makes those of its tables anew that are not of the files of now, a year of an entity at a time; each is there or
  /// not. Takes as long as sorting the rows: 12 million bills some 20 s on two cores; sorting spills to disk. Not at
  /// once from two threads. Returns how many it made. Errors: Io (also: less room on the disk than three times the
  /// year's files), Database, Cancelled.
  Result<std::size_t> arrange_customer_rows(const std::vector<std::string>& entities);
  /// How many of its tables are not of the files of now. Cheap.
  [[nodiscard]] std::size_t unarranged_customer_rows(const std::vector<std::string>& entities) const;

  /// Takes a derived file out of manifest and lake: it can be made again. Errors: Database.
  Result<void> forget_derived(const LakeFile& file);

  /// Fingerprint of everything loaded: changes with the set of batches, with which replaced rows of which, and with
  /// what was given up to retention.
  Result<std::string> data_fingerprint();

 private:
  struct Shared;
  Workspace(std::filesystem::path folder, AssetStore assets, ContractSet contracts, Settings settings,
            WorkspaceOptions options, std::shared_ptr<Shared> shared, Connection connection);
  Result<void> remove_leftovers();
  Result<void> check_lake();
  Result<void> check_nothing_waits();
  Result<void> fill_views();
  Result<void> attach_customer_rows();
  Result<void> arrange_year(const Contract& contract, int year, const std::vector<LakeFile>& files);
  void drop_customer_rows();
  Result<std::vector<LakeFile>> manifest(const std::string& condition);
  [[nodiscard]] Result<std::vector<LakeFile>> hashed(const std::filesystem::path& staging,
                                                     std::vector<LakeFile> files) const;
  Result<void> announce(const std::vector<LakeFile>& files, const std::vector<std::string>& obsolete);
  Result<void> move_in(const std::filesystem::path& staging, const std::vector<LakeFile>& files);
  Result<void> write_manifest(const std::vector<LakeFile>& files, const std::vector<std::string>& statements,
                              const std::vector<std::string>& obsolete);

  std::filesystem::path folder_;
  AssetStore assets_;
  ContractSet contracts_;
  Settings settings_;
  WorkspaceOptions options_;
  // Shared by all workspaces of one open database, which closes with the last of them.
  std::shared_ptr<Shared> shared_;
  Connection connection_;
  std::string scratch_prefix_;  // scratch databases are seen by all sessions
  NoProgress silent_;
  bool read_only_ = false;         // the database is open for reading alone
  std::set<std::string> damaged_;  // paths that views leave out
};

/// Detaches the scratch database and removes its folder when it goes; must not outlive the workspace.
class Workspace::Scratch {
 public:
  Scratch(Scratch&& other) noexcept;
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch();
  /// `"scratch_ingest"`: the quoted catalogue name, for `CREATE TABLE <catalogue>.staged AS ...`.
  [[nodiscard]] const std::string& catalogue() const noexcept { return catalogue_; }
  /// Folder for files that are to be committed or thrown away with it.
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

 private:
  friend class Workspace;
  Scratch(std::filesystem::path folder, std::string catalogue, Connection* connection, Progress* progress,
          std::stop_token stop);
  std::filesystem::path folder_;
  std::string catalogue_;
  Connection* connection_;
  Progress* progress_;  // what the session listens to while the scratch is not being taken away
  std::stop_token stop_;
};

}  // namespace fenqun::warehouse
