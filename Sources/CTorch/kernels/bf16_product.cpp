#include "bf16_product.hpp"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ctorch::bf16 {

#if defined(__x86_64__)

bool available() {
  static const bool found = [] {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  }();
  return found;
}

void pack_rows(Bits *packed, int64_t columns, const Bits *source, int64_t stride, int64_t k, int64_t n) {
  for (int64_t row = 0; row < k; row += 2) {
    const Bits *even = source + row * stride;
    const Bits *odd = row + 1 < k ? even + stride : nullptr;
    Bits *target = packed + row * columns;
    if (odd) {
      for (int64_t column = 0; column < n; ++column) {
        target[2 * column] = even[column];
        target[2 * column + 1] = odd[column];
      }
    } else {
      for (int64_t column = 0; column < n; ++column) {
        target[2 * column] = even[column];
        target[2 * column + 1] = 0;
      }
    }
    std::memset(target + 2 * n, 0, static_cast<size_t>(columns - n) * 2 * sizeof(Bits));
  }
}

void pack_columns(Bits *packed, int64_t columns, int64_t first, const Bits *source, int64_t stride, int64_t k,
                  int64_t n) {
  for (int64_t column = 0; column < n; ++column) {
    const Bits *from = source + column * stride;
    Bits *to = packed + 2 * (first + column);
    for (int64_t pair = 0; pair < k / 2; ++pair) std::memcpy(to + pair * 2 * columns, from + 2 * pair, 2 * sizeof(Bits));
  }
}

namespace {

// Rows × (16 · Vectors) of c.
template <int Rows, int Vectors>
CTORCH_BF16 inline void tile(const Bits *a, int64_t a_stride, const Bits *b, int64_t columns, float *c,
                             int64_t c_stride, int64_t pairs, bool accumulate) {
  __m512 sums[Rows][Vectors];
#pragma clang loop unroll(full)
  for (int row = 0; row < Rows; ++row)
#pragma clang loop unroll(full)
    for (int vector = 0; vector < Vectors; ++vector)
      sums[row][vector] = accumulate ? _mm512_loadu_ps(c + row * c_stride + vector * lanes) : _mm512_setzero_ps();
  for (int64_t pair = 0; pair < pairs; ++pair) {
    __m512bh right[Vectors];
#pragma clang loop unroll(full)
    for (int vector = 0; vector < Vectors; ++vector)
      right[vector] = (__m512bh)_mm512_loadu_si512(b + (pair * columns + vector * lanes) * 2);
#pragma clang loop unroll(full)
    for (int row = 0; row < Rows; ++row) {
      int32_t bits;
      std::memcpy(&bits, a + row * a_stride + 2 * pair, sizeof bits);
      __m512bh left = (__m512bh)_mm512_set1_epi32(bits);
#pragma clang loop unroll(full)
      for (int vector = 0; vector < Vectors; ++vector)
        sums[row][vector] = _mm512_dpbf16_ps(sums[row][vector], left, right[vector]);
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < Rows; ++row)
#pragma clang loop unroll(full)
    for (int vector = 0; vector < Vectors; ++vector)
      _mm512_storeu_ps(c + row * c_stride + vector * lanes, sums[row][vector]);
}

template <int Vectors>
CTORCH_BF16 void strip(const Bits *a, int64_t a_stride, const Bits *b, int64_t columns, float *c, int64_t c_stride,
                       int64_t m, int64_t pairs, bool accumulate) {
  int64_t row = 0;
  for (; row + 8 <= m; row += 8)
    tile<8, Vectors>(a + row * a_stride, a_stride, b, columns, c + row * c_stride, c_stride, pairs, accumulate);
  if (row + 4 <= m) {
    tile<4, Vectors>(a + row * a_stride, a_stride, b, columns, c + row * c_stride, c_stride, pairs, accumulate);
    row += 4;
  }
  if (row + 2 <= m) {
    tile<2, Vectors>(a + row * a_stride, a_stride, b, columns, c + row * c_stride, c_stride, pairs, accumulate);
    row += 2;
  }
  if (row < m)
    tile<1, Vectors>(a + row * a_stride, a_stride, b, columns, c + row * c_stride, c_stride, pairs, accumulate);
}

}  // namespace

CTORCH_BF16 void multiply(const Bits *a, int64_t a_stride, const Bits *packed, int64_t columns, float *c,
                          int64_t c_stride, int64_t m, int64_t n, int64_t k, bool accumulate) {
  int64_t vectors = padded(n) / lanes, pairs = (k + 1) / 2, done = 0;
  for (; done + 3 <= vectors; done += 3)
    strip<3>(a, a_stride, packed + 2 * done * lanes, columns, c + done * lanes, c_stride, m, pairs, accumulate);
  if (vectors - done == 2)
    strip<2>(a, a_stride, packed + 2 * done * lanes, columns, c + done * lanes, c_stride, m, pairs, accumulate);
  else if (vectors - done == 1)
    strip<1>(a, a_stride, packed + 2 * done * lanes, columns, c + done * lanes, c_stride, m, pairs, accumulate);
}

CTORCH_BF16 void narrow(Bits *target, const float *source, int64_t count, float factor) {
  __m512 scale = _mm512_set1_ps(factor);
  for (int64_t index = 0; index < count; index += lanes) {
    int64_t rest = std::min(lanes, count - index);
    auto mask = static_cast<__mmask16>((1u << rest) - 1u);
    __m512 values = _mm512_mul_ps(_mm512_maskz_loadu_ps(mask, source + index), scale);
    _mm256_mask_storeu_epi16(target + index, mask, (__m256i)_mm512_cvtneps_pbh(values));
  }
}

#else

bool available() { return false; }
void pack_rows(Bits *, int64_t, const Bits *, int64_t, int64_t, int64_t) {}
void pack_columns(Bits *, int64_t, int64_t, const Bits *, int64_t, int64_t, int64_t) {}
void multiply(const Bits *, int64_t, const Bits *, int64_t, float *, int64_t, int64_t, int64_t, int64_t, bool) {}
void narrow(Bits *, const float *, int64_t, float) {}

#endif

}  // namespace ctorch::bf16
