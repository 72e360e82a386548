// bench/cases.hpp - the cases of cluster_tool: each takes its words and gives its figures as one line of JSON.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace fenqun::bench {

using Words = std::vector<std::string>;  // the command's name first

template <class Work>
double seconds_of(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// A file of bare float32, row after row. Errors: Io.
Result<Matrix<float>> read_table(const std::string& file, std::size_t cols);
Result<void> write_table(const std::string& file, const Matrix<float>& rows);
/// Reads them all, with the widest loads there are.
float sum_values(std::span<const float> values);
Matrix<float> first_rows(const Matrix<float>& rows, std::size_t k);

Result<std::string> make_data(const Words& words);
Result<std::string> measure_bandwidth(const Words& words);
Result<std::string> measure_lloyd(const Words& words);
Result<std::string> measure_choice(const Words& words);
Result<std::string> measure_balanced(const Words& words);
Result<std::string> measure_exactness(const Words& words);
Result<std::string> write_parquet(const Words& words);
Result<std::string> measure_stream(const Words& words);
Result<std::string> make_readings(const Words& words);
Result<std::string> measure_meter_tasks(const Words& words);
Result<std::string> measure_similar(const Words& words);
Result<std::string> measure_mixture(const Words& words);
Result<std::string> measure_medoids(const Words& words);
Result<std::string> measure_bisecting(const Words& words);
Result<std::string> make_profiles(const Words& words);
Result<std::string> measure_encoding(const Words& words);
Result<std::string> measure_study(const Words& words);

}  // namespace fenqun::bench
