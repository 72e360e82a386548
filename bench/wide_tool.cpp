// bench/wide_tool.cpp - a wide table larger than the utility it was made of: each customer several times, under other
// ids, in a workspace that has nothing else.
//   wide_tool FROM TO COPIES           FROM: a workspace with prepared months; TO: one made by fenqun init
#include "warehouse/workspace.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace fenqun {
namespace {

namespace fs = std::filesystem;
using warehouse::sql_text;

// Copy after copy, so that the rows stay in the order of the ids without being sorted.
std::string copies_sql(const std::string& file, int copies) {
  std::string out;
  for (int copy = 0; copy < copies; ++copy) {
    out += fmt::format("{}SELECT * REPLACE ({} || customer_id AS customer_id) FROM read_parquet({})",
                       out.empty() ? "" : " UNION ALL ", sql_text(fmt::format("{:02}", copy)), sql_text(file));
  }
  return out;
}

Result<void> multiply(const fs::path& from, const fs::path& to, int copies) {
  warehouse::WorkspaceOptions reading;
  reading.reads_only = true;
  FENQUN_TRY(auto source, warehouse::Workspace::open(from, reading));
  FENQUN_TRY(auto target, warehouse::Workspace::open(to, {}));
  FENQUN_TRY(const auto scratch, target.scratch("wide"));
  std::vector<warehouse::LakeFile> files;
  for (const auto* entity : {"wide", "_readiness"}) {
    FENQUN_TRY(const auto existing, source.lake_files(entity));
    for (auto file : existing) {
      const auto out = scratch.folder() / fs::path(file.path).lexically_relative("lake");
      fs::create_directories(out.parent_path());
      FENQUN_CHECK(target.connection().execute(fmt::format("COPY ({}) TO {} (FORMAT parquet)",
                                                           copies_sql((source.folder() / file.path).string(), copies),
                                                           sql_text(out.string()))));
      file.rows *= copies;
      file.bytes = static_cast<std::int64_t>(fs::file_size(out));
      file.hash.clear();
      files.push_back(std::move(file));
    }
  }
  return target.commit(scratch.folder(), files, {});
}

}  // namespace
}  // namespace fenqun

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 3) {
    std::fputs("usage: wide_tool FROM TO COPIES\n", stderr);
    return 2;
  }
  const auto done = fenqun::multiply(words[0], words[1], std::stoi(words[2]));
  if (done) return 0;
  std::fprintf(stderr, "wide_tool: %s %s\n", done.error().line.key.c_str(),
               std::string(done.error().arg("reason")).c_str());
  return 1;
}
