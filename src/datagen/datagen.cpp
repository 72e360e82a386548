// datagen/datagen.cpp - from options to a finished folder.
#include "datagen/datagen.hpp"

#include "base/file.hpp"
#include "datagen/entity_writers.hpp"
#include "datagen/manifest.hpp"
#include "datagen/out_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>

namespace fenqun::datagen {
namespace {

constexpr int kGeneratorVersion = 1;  // raise when the same parameters give other bytes
constexpr std::int64_t kFewestCustomers = 500;
constexpr std::int64_t kMostCustomers = 9'000'000;
constexpr int kMostMonths = 120;
constexpr std::uint32_t kLightFactor = 8;  // a light entity's file holds so many times the customers of a bulky one
constexpr const char* kScratchFolder = ".scratch";
constexpr std::uint64_t kScratchMemoryBytes = std::uint64_t{1} << 30U;

/// One file to be made.
struct Job {
  const EntityWriter* writer;
  const warehouse::Contract* contract;
  std::string path;
  Portion portion;
  double expected_rows;
};

std::string_view extension(FileFormat format) { return format == FileFormat::Parquet ? "parquet" : "csv"; }

tl::unexpected<Error> out_of_range(const char* option, std::int64_t value, std::int64_t low, std::int64_t high) {
  return fail(ErrorCode::InvalidArgument, "datagen.option_range",
              {{"option", option},
               {"value", std::to_string(value)},
               {"low", std::to_string(low)},
               {"high", std::to_string(high)}});
}

std::string contracts_fingerprint(const warehouse::ContractSet& contracts) {
  std::string text;
  for (const auto& writer : entity_writers()) {
    text += writer.entity;
    if (const auto* contract = contracts.find(writer.entity)) {
      for (const auto& field : contract->fields) text += fmt::format(" {}:{}", field.name, warehouse::sql_type(field));
    }
    text += '\n';
  }
  return hash_text(text).substr(0, 16);
}

Result<Identity> identify(const DatagenOptions& options, const Parameters& parameters,
                          const warehouse::ContractSet& contracts) {
  const auto& profile = parameters.profile;
  Identity id;
  id.profile = options.profile;
  id.customers = options.customers.value_or(profile.customers);
  if (id.customers < kFewestCustomers || id.customers > kMostCustomers) {
    return out_of_range("--customers", id.customers, kFewestCustomers, kMostCustomers);
  }
  id.seed = options.seed;
  id.format = extension(options.format);
  id.end_month = options.end_month.value_or(profile.end_month);
  id.months = options.months.value_or(profile.months);
  if (id.months < 1 || id.months > kMostMonths) return out_of_range("--months", id.months, 1, kMostMonths);
  id.reading_months = options.reading_months.value_or(std::min(profile.reading_months, id.months));
  if (id.reading_months < 0 || id.reading_months > id.months) {
    return out_of_range("--reading-months", id.reading_months, 0, id.months);
  }
  id.parameters = parameters.fingerprint;
  id.contracts = contracts_fingerprint(contracts);
  id.generator = kGeneratorVersion;
  return id;
}

std::uint32_t customers_per_file(const World& world, Bulk bulk) {
  const auto all = static_cast<std::uint32_t>(world.customers.size());
  const auto bulky = static_cast<std::uint32_t>(world.parameters.profile.customers_per_file);
  if (bulk == Bulk::Whole) return all;
  return std::min(all, bulk == Bulk::Bulky ? bulky : bulky * kLightFactor);
}

std::vector<Job> plan_jobs(const World& world, const warehouse::ContractSet& contracts, FileFormat format) {
  std::vector<Job> jobs;
  const auto all = static_cast<std::uint32_t>(world.customers.size());
  const auto& timeline = world.timeline;
  for (const auto& writer : entity_writers()) {
    const auto* contract = contracts.find(writer.entity);
    if (contract == nullptr) continue;  // a utility that keeps no such records
    const int first = writer.span == Span::MonthlyReadings ? timeline.first_reading() : 0;
    const int last = writer.span == Span::Once ? 0 : timeline.months - 1;
    const auto step = customers_per_file(world, writer.bulk);
    for (int t = first; t <= last; ++t) {
      std::size_t part = 0;
      for (std::uint32_t begin = 0; begin < all; begin += step, ++part) {
        const auto name = writer.span == Span::Once
                              ? std::string(writer.entity)
                              : fmt::format("{}/{}{}", writer.entity, timeline.month(t).text(),
                                            part == 0 ? "" : fmt::format("_{:02}", part + 1));
        const auto end = std::min(all, begin + step);
        jobs.push_back({&writer, contract, fmt::format("{}.{}", name, extension(format)), {t, part, begin, end},
                        writer.rows_per_customer * (end - begin)});
      }
    }
  }
  static constexpr EntityWriter kTruth{"truth", Span::Once, Bulk::Whole, 2, write_truth};
  jobs.push_back({&kTruth, &truth_contract(), fmt::format("truth/customer_class.{}", extension(format)), {0, 0, 0, all},
                  kTruth.rows_per_customer * all});
  return jobs;
}

/// Makes all jobs, several at a time, each alone on its own session: a file's bytes cannot depend on the threads.
class Workshop {
 public:
  Workshop(const World& world, const std::vector<Job>& jobs, const OutFolder& folder, FileFormat format,
           Progress& progress, const std::stop_token& stop)
      : world_(world),
        jobs_(jobs),
        folder_(folder),
        format_(format),
        progress_(progress),
        stop_(stop),
        rows_(jobs.size(), 0),
        errors_(jobs.size()) {
    for (const auto& job : jobs) expected_rows_ += job.expected_rows;
  }

  /// Rows of each job, in their order.
  Result<std::vector<std::int64_t>> run(WorkerPool& pool) {
    warehouse::DatabaseOptions options;
    options.threads = 1;  // one thread per session keeps the rows in order
    options.memory_limit_bytes = kScratchMemoryBytes;
    options.temp_folder = folder_.folder() / kScratchFolder;
    FENQUN_CHECK(folder_.make(kScratchFolder));
    for (const auto& job : jobs_) FENQUN_CHECK(folder_.make(std::filesystem::path(job.path).parent_path()));
    {
      FENQUN_TRY(auto database, warehouse::Database::open({}, options));
      std::vector<warehouse::Connection> sessions;
      for (std::size_t i = 0; i < pool.threads(); ++i) {
        FENQUN_TRY(auto session, database.connect());
        session.watch(nullptr, stop_);
        sessions.push_back(std::move(session));
      }
      pool.for_blocks(sessions.size(), 1, [&](std::size_t worker, std::size_t, std::size_t) {
        for (auto job = next_++; job < jobs_.size() && !has_failed_; job = next_++) attempt(sessions[worker], job);
      });
    }
    std::error_code ignored;
    std::filesystem::remove_all(options.temp_folder, ignored);
    for (auto& error : errors_) {
      if (error) return fail(std::move(*error));
    }
    return rows_;
  }

 private:
  void attempt(warehouse::Connection& session, std::size_t index) {
    auto made = make(session, index);
    const std::scoped_lock lock(mutex_);
    if (!made) {
      errors_[index] = std::move(made).error();
      has_failed_ = true;
      return;
    }
    done_rows_ += jobs_[index].expected_rows;
    progress_.update(done_rows_ / expected_rows_, jobs_[index].path);
  }

  Result<void> make(warehouse::Connection& session, std::size_t index) {
    const auto& job = jobs_[index];
    FENQUN_TRY(auto table, TableFile::create(session, *job.contract, fmt::format("job_{}", index), stop_));
    FENQUN_CHECK(job.writer->write(world_, job.portion, table));
    rows_[index] = table.rows();
    return table.write(folder_.folder() / job.path, format_);
  }

  const World& world_;
  const std::vector<Job>& jobs_;
  const OutFolder& folder_;
  FileFormat format_;
  Progress& progress_;
  std::stop_token stop_;
  std::vector<std::int64_t> rows_;
  std::vector<std::optional<Error>> errors_;
  std::mutex mutex_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> has_failed_ = false;
  double expected_rows_ = 0;
  double done_rows_ = 0;
};

Result<Manifest> describe(const Identity& identity, const World& world, const std::vector<Job>& jobs,
                          const std::vector<std::int64_t>& rows, const std::filesystem::path& folder) {
  Manifest manifest{identity, baseline_year(world.timeline), {}};
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (rows[i] == 0) continue;  // nothing happened that month: an office sends no empty file
    std::error_code error;
    const auto bytes = std::filesystem::file_size(folder / jobs[i].path, error);
    if (error) {
      return fail(ErrorCode::Io, "base.cannot_read", {{"path", jobs[i].path}, {"reason", error.message()}});
    }
    manifest.files.push_back({{std::string(jobs[i].contract->entity), jobs[i].path, rows[i]},
                              static_cast<std::int64_t>(bytes)});
  }
  std::sort(manifest.files.begin(), manifest.files.end(),
            [](const ManifestFile& a, const ManifestFile& b) { return a.file.path < b.file.path; });
  return manifest;
}

std::vector<PlantedClass> count_planted(const World& world) {
  // By dimension and name in the order of the alphabet, which is the order of the classes.
  std::map<std::pair<std::string, std::string>, std::int64_t> counts;
  const auto add = [&](const char* dimension, const std::optional<int>& value) {
    ++counts[{dimension, value ? std::to_string(*value) : "none"}];
  };
  for (const auto& customer : world.customers) {
    const auto truth = truth_of(world.parameters, world.timeline, customer);
    add("revenue", truth.revenue);
    add("influence", truth.influence);
    add("growth", truth.growth);
    add("arrears", truth.arrears);
    ++counts[{"abcd", std::string(1, grade_of(customer))}];
    ++counts[{"payment_method", world.parameters.classes.methods[customer.method]}];
  }
  std::vector<PlantedClass> out;
  for (const auto& [key, count] : counts) {
    out.push_back({key.first, key.second, count,
                   static_cast<double>(count) / static_cast<double>(world.customers.size())});
  }
  return out;
}

DatagenOutcome outcome_of(const DatagenOptions& options, const Manifest& manifest, bool already_there) {
  const auto& id = manifest.identity;
  DatagenOutcome out;
  out.already_there = already_there;
  out.out = options.out;
  out.profile = id.profile;
  out.seed = id.seed;
  out.customers = id.customers;
  out.first_month = id.end_month.plus(1 - id.months);
  out.end_month = id.end_month;
  for (const auto& [file, bytes] : manifest.files) {
    out.rows += file.rows;
    out.bytes += bytes;
    out.files.push_back(file);
  }
  return out;
}

}  // namespace

Result<FileFormat> parse_file_format(std::string_view text) {
  if (text == "parquet") return FileFormat::Parquet;
  if (text == "csv") return FileFormat::Csv;
  return fail(ErrorCode::InvalidArgument, "datagen.unknown_format", {{"value", std::string(text)}});
}

Result<DatagenOutcome> generate(const AssetStore& assets, const warehouse::ContractSet& contracts,
                                const DatagenOptions& options, WorkerPool& pool, Progress& progress,
                                const std::stop_token& stop) {
  FENQUN_TRY(auto parameters, Parameters::create(assets, options.profile));
  FENQUN_TRY(const auto identity, identify(options, parameters, contracts));
  const Timeline timeline(identity.end_month, identity.months, identity.reading_months);
  FENQUN_TRY(const auto world,
             World::create(std::move(parameters), identity.customers, timeline, identity.seed, pool));
  FENQUN_TRY(auto folder, OutFolder::open(options.out, identity));
  if (!folder) {
    FENQUN_TRY(const auto manifest, read_manifest(options.out));
    auto outcome = outcome_of(options, manifest.value(), true);
    outcome.planted = count_planted(*world);
    return outcome;
  }
  const auto jobs = plan_jobs(*world, contracts, options.format);
  FENQUN_TRY(const auto rows, Workshop(*world, jobs, *folder, options.format, progress, stop).run(pool));
  FENQUN_TRY(const auto manifest, describe(identity, *world, jobs, rows, folder->folder()));
  FENQUN_CHECK(write_file_atomically(folder->folder() / kManifestName, to_yaml(manifest)));
  if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  FENQUN_CHECK(folder->put_in_place());
  auto outcome = outcome_of(options, manifest, false);
  outcome.planted = count_planted(*world);
  return outcome;
}

}  // namespace fenqun::datagen
