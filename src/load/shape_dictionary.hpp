// load/shape_dictionary.hpp - a dictionary of daily shapes: encoding days by it, and making it smaller.
// Level 2: may include base/ and cluster/. No I/O, no clock, no global state.
#pragma once

#include "load/readings.hpp"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace fenqun::load {

inline constexpr std::uint32_t kMaxShapes = 1U << 20U;

/// Shape = row; its index is the code.
struct ShapeDictionary {
  Matrix<float> shapes;                // K x d
  std::vector<std::uint64_t> members;  // K: profiles each shape is the mean of, >= 1
};

/// How well a dictionary stands for profiles. The error of a profile s with shape c is |s - c|² / |c|².
struct ShapeCoverage {
  std::uint64_t profiles = 0;
  std::uint64_t violations = 0;  // profiles with an error above theta
  double violation_share = 0;    // of profiles; 0 without any
  double mean_error = 0;
  double largest_error = 0;
};

struct ShapeEncoding {
  std::vector<std::uint32_t> codes;   // per profile: the nearest shape (Euclidean), of equals the lowest code
  std::vector<float> errors;          // per profile: |s - c|² / |c|²
  std::vector<std::uint64_t> counts;  // K: profiles by code
  ShapeCoverage coverage;
};

/// The nearest of K (1..kMaxShapes) shapes for each of n x d profiles; n may be 0. The result
/// is that of computing every distance. Time O(n K d); same bits for any thread count and level of instructions.
/// Errors: InvalidArgument (no shapes or too many; columns differ; theta not above 0), BadData (a value that is no
/// number within +-1e6, a shape of length 0: name the row), Cancelled (within 4096 profiles per thread).
Result<ShapeEncoding> encode_profiles(RowView<const float> profiles, RowView<const float> shapes, double theta,
                                      WorkerPool& pool, const std::stop_token& stop = {});

/// Which two shapes are merged next.
enum class MergeCost : std::uint8_t {
  Distance,  // the two nearest: |a - b|²
  Variance   // the two that add the least squared error: |a - b|² times a b / (a + b) of their members (Ward)
};

struct MergedDictionary {
  ShapeDictionary dictionary;              // most members first, of equals the one with the lower old code
  std::vector<std::uint32_t> new_code_of;  // one per old shape
  double added_error = 0;                  // sum over merges of |a - b|² a b / (a + b): what the squared errors of the
                                           // members grow by
};

/// Merges shapes two by two, the cheapest first (of equals the lower codes), into their mean weighted by members,
/// until no more than `cap` (>= 1) are left. Time O(K² d) as a rule, memory K (d + 4) numbers. Same bits for any
/// thread count.
/// Errors: InvalidArgument (cap, no shapes or too many, members and shapes differ, a member count of 0), BadData
/// (values), Cancelled (stop seen between merges).
/// Source: Kwac, Flora & Rajagopal 2014 (Distance); Ward, J. Am. Stat. Assoc. 58(301), 1963. See
/// docs/math/load_shapes.md.
Result<MergedDictionary> merge_shapes(const ShapeDictionary& dictionary, std::uint32_t cap, MergeCost cost,
                                      WorkerPool& pool, const std::stop_token& stop = {});

/// Errors: BadData naming row and column of a value that is no number within +-1e6.
Result<void> check_profiles(RowView<const float> profiles, WorkerPool& pool);

}  // namespace fenqun::load
