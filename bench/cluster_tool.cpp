// bench/cluster_tool.cpp - the clustering engine's part of bench/cluster_bench.py: one case per call, its figures as
// one line of JSON. A table FILE is bare float32, row after row. Seconds are lists, one entry per repetition.
//   cluster_tool data FILE ROWS COLS GROUPS SEED APART      normal clouds, their centres APART deviations off the
//   middle cluster_tool bandwidth FILE COLS THREADS REPEAT         reading the table and doing nothing with it
//   cluster_tool lloyd FILE COLS K ROUNDS THREADS REPEAT    ROUNDS rounds, each moving the centres, from rows 0..K-1
//   cluster_tool choose FILE COLS THREADS REPEAT            k = 2..8 with three indices over all rows
//   cluster_tool balanced FILE COLS K LEAST MOST THREADS    from rows 0..K-1, sizes within LEAST..MOST
//   cluster_tool exact PROBLEMS RESTARTS                    balanced fits against the best of all partitions
//   cluster_tool parquet FILE OUT COLS                      the table as Parquet
//   cluster_tool stream PARQUET COLS K THREADS MODE         grouped without being held; MODE exact or mini-batch
//   cluster_tool readings FILE CUSTOMERS                    a year of hourly readings of each, COLS 8,760
//   cluster_tool meter CUSTOMERS THREADS                    histograms, three lines, daily profiles of such readings
//   cluster_tool similar FILE COLS COUNT THREADS            the COUNT most similar by cosine for each row
//   cluster_tool profiles FILE ROWS                         shapes of days, COLS 24
//   cluster_tool encode FILE COLS K THREADS                 each row to the nearest of K rows taken evenly
//   cluster_tool study FILE COLS K THREADS                  a dictionary of K shapes found, and all rows encoded by it
//   cluster_tool mixture FILE COLS K ROUNDS THREADS         normal clouds by EM, from k-means from rows 0..K-1
//   cluster_tool medoids FILE COLS K THREADS                from rows 0..K-1
//   cluster_tool bisecting FILE COLS K THREADS
#include "cases.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace fenqun::bench {
namespace {

struct Command {
  const char* name;
  std::size_t words;
  Result<std::string> (*run)(const Words&);
};

constexpr Command kCommands[] = {{"data", 7, make_data},
                                 {"bandwidth", 5, measure_bandwidth},
                                 {"lloyd", 7, measure_lloyd},
                                 {"choose", 5, measure_choice},
                                 {"balanced", 7, measure_balanced},
                                 {"exact", 3, measure_exactness},
                                 {"parquet", 4, write_parquet},
                                 {"stream", 6, measure_stream},
                                 {"readings", 3, make_readings},
                                 {"meter", 3, measure_meter_tasks},
                                 {"similar", 5, measure_similar},
                                 {"profiles", 3, make_profiles},
                                 {"encode", 5, measure_encoding},
                                 {"study", 5, measure_study},
                                 {"mixture", 6, measure_mixture},
                                 {"medoids", 5, measure_medoids},
                                 {"bisecting", 5, measure_bisecting}};

Result<std::string> dispatch(const Words& words) {
  for (const auto& command : kCommands) {
    if (words.size() == command.words && words[0] == command.name) return command.run(words);
  }
  return fail(ErrorCode::InvalidArgument, "usage");
}

}  // namespace
}  // namespace fenqun::bench

int main(int argc, char** argv) {
  const auto line = fenqun::bench::dispatch(std::vector<std::string>(argv + 1, argv + argc));
  if (line) {
    fmt::print("{}\n", *line);
    return 0;
  }
  fmt::print(stderr, "cluster_tool: {}", line.error().line.key);
  for (const auto& arg : line.error().line.args) fmt::print(stderr, " {}={}", arg.name, arg.value);
  fmt::print(stderr, "\n");
  return 1;
}
