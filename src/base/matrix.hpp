// base/matrix.hpp - row-major matrices: Matrix owns, RowView looks. Level 0.
#pragma once

#include "base/assert.hpp"
#include "base/wide_allocator.hpp"

#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace fenqun {

/// rows x cols numbers, row-major, `stride` elements from one row to the next (>= cols). Does not own.
template <class T>
class RowView {
 public:
  RowView() = default;
  RowView(T* data, std::size_t rows, std::size_t cols, std::size_t stride)
      : data_(data), rows_(rows), cols_(cols), stride_(stride) {}
  RowView(T* data, std::size_t rows, std::size_t cols) : RowView(data, rows, cols, cols) {}
  template <class U>
    requires(std::is_same_v<const U, T> && !std::is_same_v<U, T>)
  RowView(RowView<U> other) : RowView(other.data(), other.rows(), other.cols(), other.stride()) {}  // NOLINT

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
  [[nodiscard]] std::size_t stride() const noexcept { return stride_; }
  [[nodiscard]] T* data() const noexcept { return data_; }
  [[nodiscard]] std::span<T> row(std::size_t r) const {
    FENQUN_ASSERT(r < rows_);
    return {data_ + r * stride_, cols_};
  }
  [[nodiscard]] T& operator()(std::size_t r, std::size_t c) const {
    FENQUN_ASSERT(r < rows_ && c < cols_);
    return data_[r * stride_ + c];
  }

 private:
  T* data_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  std::size_t stride_ = 0;
};

/// Owning rows x cols matrix, zero-filled, dense (stride == cols).
template <class T>
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t cols) : rows_(rows), cols_(cols), values_(rows * cols) {}

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t cols() const noexcept { return cols_; }
  [[nodiscard]] std::span<T> row(std::size_t r) { return view().row(r); }
  [[nodiscard]] std::span<const T> row(std::size_t r) const { return view().row(r); }
  [[nodiscard]] T& operator()(std::size_t r, std::size_t c) { return values_[r * cols_ + c]; }
  [[nodiscard]] const T& operator()(std::size_t r, std::size_t c) const { return values_[r * cols_ + c]; }
  [[nodiscard]] RowView<T> view() noexcept { return {values_.data(), rows_, cols_}; }
  [[nodiscard]] RowView<const T> view() const noexcept { return {values_.data(), rows_, cols_}; }
  [[nodiscard]] std::span<const T> values() const noexcept { return values_; }
  bool operator==(const Matrix&) const = default;

 private:
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  std::vector<T, WideAllocator<T>> values_;
};

}  // namespace fenqun
