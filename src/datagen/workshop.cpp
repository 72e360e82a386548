// datagen/workshop.cpp
#include "datagen/workshop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>

namespace fenqun::datagen {
namespace {

constexpr const char* kScratchFolder = ".scratch";
constexpr std::uint64_t kScratchMemoryBytes = std::uint64_t{1} << 30U;

class Workshop {
 public:
  Workshop(const World& world, const std::vector<Job>& jobs, const OutFolder& folder, FileFormat format,
           Progress& progress, std::stop_token stop)
      : world_(world),
        jobs_(jobs),
        folder_(folder),
        format_(format),
        progress_(progress),
        stop_(std::move(stop)),
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
    TableFile table(session, *job.contract, fmt::format("job_{}", index), stop_);
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

}  // namespace

std::vector<Job> plan_jobs(const World& world, const warehouse::ContractSet& contracts, FileFormat format) {
  std::vector<Job> jobs;
  const auto all = static_cast<std::uint32_t>(world.customers.size());
  const auto& timeline = world.timeline;
  for (const auto& writer : entity_writers()) {
    const auto* contract = contracts.find(writer.entity);
    if (contract == nullptr) continue;  // a utility that keeps no such records
    const auto months = writer.months(world);
    for (int t = months ? timeline.months - *months : 0; t < (months ? timeline.months : 1); ++t) {
      for (const auto& portion : portions_of(world, writer.bulk, t)) {
        const auto part = portion.part == 0 ? std::string() : fmt::format("_{:02}", portion.part + 1);
        const auto name = months ? fmt::format("{}/{}{}", writer.entity, timeline.month(t).text(), part)
                                 : fmt::format("{}{}", writer.entity, part);
        jobs.push_back({&writer, contract, fmt::format("{}.{}", name, extension(format)), portion,
                        writer.rows_per_customer * (portion.last - portion.first)});
      }
    }
  }
  static constexpr EntityWriter kTruth{"truth", nullptr, Bulk::Whole, 2, write_truth};
  jobs.push_back({&kTruth,
                  &truth_contract(),
                  fmt::format("truth/customer_class.{}", extension(format)),
                  {0, 0, 0, all},
                  kTruth.rows_per_customer * all});
  return jobs;
}

Result<std::vector<std::int64_t>> make_files(const World& world, const std::vector<Job>& jobs, const OutFolder& folder,
                                             FileFormat format, WorkerPool& pool, Progress& progress,
                                             const std::stop_token& stop) {
  return Workshop(world, jobs, folder, format, progress, stop).run(pool);
}

std::string_view extension(FileFormat format) { return format == FileFormat::Parquet ? "parquet" : "csv"; }

}  // namespace fenqun::datagen
