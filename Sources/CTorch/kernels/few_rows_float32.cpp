#include "few_rows_float32.hpp"
#include "vector.hpp"

namespace ctorch::few_rows_float32 {

#if defined(__x86_64__)

namespace {

typedef float Vector __attribute__((vector_size(4 * step)));

// Four columns of the result for `Rows` rows. Three rows of sums, their left sides and a right side fill the sixteen
// registers that there are.
template <int Rows>
CTORCH_INLINE void tile(const float *x, const float *weight, float *output, int64_t k, int64_t output_stride) {
  Vector sums[Rows][4] = {};
  for (int64_t at = 0; at < k; at += step) {
    Vector left[Rows];
#pragma clang loop unroll(full)
    for (int row = 0; row < Rows; ++row) std::memcpy(&left[row], x + row * k + at, sizeof(Vector));
#pragma clang loop unroll(full)
    for (int column = 0; column < 4; ++column) {
      Vector right;
      std::memcpy(&right, weight + column * k + at, sizeof right);
#pragma clang loop unroll(full)
      for (int row = 0; row < Rows; ++row) sums[row][column] += left[row] * right;
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < Rows; ++row)
#pragma clang loop unroll(full)
    for (int column = 0; column < 4; ++column) {
      float lanes[step];
      std::memcpy(lanes, &sums[row][column], sizeof lanes);
      output[row * output_stride + column] = sum_of(lanes);
    }
}

}  // namespace

bool available() {
  static const bool found = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return found;
}

__attribute__((target("avx2,fma"))) void columns(const float *x, const float *weight, float *output, int64_t m,
                                                 int64_t k, int64_t n, int64_t begin, int64_t end) {
  for (int64_t column = begin; column < end; column += 4) {
    const float *part = weight + column * k;
    int64_t row = 0;
    for (; row + 3 <= m; row += 3) tile<3>(x + row * k, part, output + row * n + column, k, n);
    if (m - row == 2) tile<2>(x + row * k, part, output + row * n + column, k, n);
    if (m - row == 1) tile<1>(x + row * k, part, output + row * n + column, k, n);
  }
}

#else

bool available() { return false; }
void columns(const float *, const float *, float *, int64_t, int64_t, int64_t, int64_t, int64_t) {}

#endif

}  // namespace ctorch::few_rows_float32
