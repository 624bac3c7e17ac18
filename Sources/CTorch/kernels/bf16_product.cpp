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

namespace {

// How far ahead packing asks for what it reads: the strides are too long for the machine to guess.
constexpr int64_t ahead_of_columns = 128, ahead_of_rows = 16;

__mmask16 first_lanes(int64_t count) {
  return static_cast<__mmask16>(count >= lanes ? 0xFFFF : (1u << std::max<int64_t>(count, 0)) - 1u);
}

// Sixteen rows of sixteen pairs become sixteen pairs of sixteen rows.
CTORCH_BF16 inline void transpose(__m512i (&rows)[16]) {
  __m512i halves[16], quarters[16];
#pragma clang loop unroll(full)
  for (int row = 0; row < 16; row += 2) {
    halves[row] = _mm512_unpacklo_epi32(rows[row], rows[row + 1]);
    halves[row + 1] = _mm512_unpackhi_epi32(rows[row], rows[row + 1]);
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < 16; row += 4) {
    quarters[row] = _mm512_unpacklo_epi64(halves[row], halves[row + 2]);
    quarters[row + 1] = _mm512_unpackhi_epi64(halves[row], halves[row + 2]);
    quarters[row + 2] = _mm512_unpacklo_epi64(halves[row + 1], halves[row + 3]);
    quarters[row + 3] = _mm512_unpackhi_epi64(halves[row + 1], halves[row + 3]);
  }
#pragma clang loop unroll(full)
  for (int column = 0; column < 4; ++column) {
    __m512i a = quarters[column], b = quarters[4 + column], c = quarters[8 + column], d = quarters[12 + column];
    __m512i first = _mm512_shuffle_i32x4(a, b, 0x44), second = _mm512_shuffle_i32x4(c, d, 0x44);
    __m512i third = _mm512_shuffle_i32x4(a, b, 0xEE), fourth = _mm512_shuffle_i32x4(c, d, 0xEE);
    rows[column] = _mm512_shuffle_i32x4(first, second, 0x88);
    rows[4 + column] = _mm512_shuffle_i32x4(first, second, 0xDD);
    rows[8 + column] = _mm512_shuffle_i32x4(third, fourth, 0x88);
    rows[12 + column] = _mm512_shuffle_i32x4(third, fourth, 0xDD);
  }
}

}  // namespace

CTORCH_BF16 void pack_rows(Bits *packed, int64_t columns, const Bits *source, int64_t stride, int64_t k, int64_t n) {
  for (int64_t row = 0; row < k; row += 2) {
    const Bits *even = source + row * stride;
    _mm_prefetch(even + ahead_of_rows * stride, _MM_HINT_T0);
    _mm_prefetch(even + (ahead_of_rows + 1) * stride, _MM_HINT_T0);
    for (int64_t column = 0; column < columns; column += lanes) {
      __mmask16 mask = first_lanes(n - column);
      __m512i pairs = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, even + column));
      if (row + 1 < k) {
        __m512i odd = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, even + stride + column));
        pairs = _mm512_or_si512(pairs, _mm512_slli_epi32(odd, 16));
      }
      _mm512_storeu_si512(packed + row * columns + 2 * column, pairs);
    }
  }
}

CTORCH_BF16 void pack_columns(Bits *packed, int64_t columns, int64_t first, const Bits *source, int64_t stride,
                              int64_t k, int64_t n) {
  for (int64_t column = 0; first + column < columns; column += lanes) {
    int64_t present = n - column;
    __mmask16 mask = first_lanes(columns - first - column);
    for (int64_t at = 0; at < k; at += 2 * lanes) {
      int64_t rest = std::min(2 * lanes, k - at);
      auto wanted = static_cast<__mmask32>(rest == 2 * lanes ? ~0u : (1u << rest) - 1u);
      const Bits *from = source + column * stride + at;
      __m512i rows[16];
#pragma clang loop unroll(full)
      for (int64_t row = 0; row < lanes; ++row) {
        rows[row] = _mm512_setzero_si512();
        if (row < present) {
          _mm_prefetch(from + row * stride + ahead_of_columns, _MM_HINT_T0);
          rows[row] = _mm512_maskz_loadu_epi16(wanted, from + row * stride);
        }
      }
      transpose(rows);
      Bits *target = packed + at * columns + 2 * (first + column);
#pragma clang loop unroll(full)
      for (int64_t pair = 0; pair < lanes; ++pair)
        if (2 * pair < rest) _mm512_mask_storeu_epi32(target + pair * 2 * columns, mask, rows[pair]);
    }
  }
}

namespace {

template <int Vectors>
CTORCH_BF16 inline void put(const __m512 *sums, int64_t row, const Sums &target) {
#pragma clang loop unroll(full)
  for (int vector = 0; vector < Vectors; ++vector) {
    int64_t column = vector * lanes;
    if (target.to) {
      _mm512_storeu_ps(target.to + row * target.between + column, sums[vector]);
      continue;
    }
    __mmask16 mask = first_lanes(target.width - column);
    int64_t at = row * target.stride + column;
    __m512 scaled = _mm512_mul_ps(sums[vector], _mm512_set1_ps(target.scale));
    if (target.is_float)
      _mm512_mask_storeu_ps(static_cast<float *>(target.result) + at, mask, scaled);
    else
      _mm256_mask_storeu_epi16(static_cast<Bits *>(target.result) + at, mask, (__m256i)_mm512_cvtneps_pbh(scaled));
  }
}

template <int Rows, int Vectors>
CTORCH_BF16 inline void tile(const Segment *segments, int64_t count, int64_t row, const Sums &target) {
  __m512 sums[Rows][Vectors];
#pragma clang loop unroll(full)
  for (int index = 0; index < Rows; ++index)
#pragma clang loop unroll(full)
    for (int vector = 0; vector < Vectors; ++vector)
      sums[index][vector] = target.from
                                ? _mm512_loadu_ps(target.from + (row + index) * target.between + vector * lanes)
                                : _mm512_setzero_ps();
  for (const Segment *segment = segments; segment < segments + count; ++segment) {
    int64_t stride = segment->stride, pairs = segment->pairs, columns = segment->columns;
    const Bits *left = segment->left + row * stride, *packed = segment->packed;
    for (int64_t pair = 0; pair < pairs; ++pair) {
      __m512bh right[Vectors];
#pragma clang loop unroll(full)
      for (int vector = 0; vector < Vectors; ++vector)
        right[vector] = (__m512bh)_mm512_loadu_si512(packed + (pair * columns + vector * lanes) * 2);
#pragma clang loop unroll(full)
      for (int index = 0; index < Rows; ++index) {
        int32_t both;
        std::memcpy(&both, left + index * stride + 2 * pair, sizeof both);
        __m512bh broadcast = (__m512bh)_mm512_set1_epi32(both);
#pragma clang loop unroll(full)
        for (int vector = 0; vector < Vectors; ++vector)
          sums[index][vector] = _mm512_dpbf16_ps(sums[index][vector], broadcast, right[vector]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int index = 0; index < Rows; ++index) put<Vectors>(sums[index], row + index, target);
}

// As many rows at once as there are registers for their sums.
template <int Vectors>
CTORCH_BF16 void strip(const Segment *segments, int64_t count, int64_t begin, int64_t end, const Sums &target) {
  constexpr int most = Vectors == 1 ? 24 : Vectors == 2 ? 12 : 8;
  int64_t row = begin;
  for (; row + most <= end; row += most) tile<most, Vectors>(segments, count, row, target);
  for (; row + 4 <= end; row += 4) tile<4, Vectors>(segments, count, row, target);
  for (; row < end; ++row) tile<1, Vectors>(segments, count, row, target);
}

}  // namespace

void sum_segments(const Segment *segments, int64_t count, int64_t vectors, int64_t begin, int64_t end,
                  const Sums &target) {
  switch (vectors) {
    case 1: return strip<1>(segments, count, begin, end, target);
    case 2: return strip<2>(segments, count, begin, end, target);
    default: return strip<3>(segments, count, begin, end, target);
  }
}

void multiply(const Bits *a, int64_t a_stride, const Bits *packed, int64_t columns, float *c, int64_t c_stride,
              int64_t m, int64_t n, int64_t k, bool accumulate) {
  int64_t vectors = padded(n) / lanes;
  for (int64_t done = 0; done < vectors; done += most_vectors) {
    Segment segment{a, a_stride, packed + 2 * done * lanes, columns, (k + 1) / 2};
    float *sums = c + done * lanes;
    sum_segments(&segment, 1, std::min(most_vectors, vectors - done), 0, m,
                 {accumulate ? sums : nullptr, sums, c_stride, nullptr, 0, 0, true, 1});
  }
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
void sum_segments(const Segment *, int64_t, int64_t, int64_t, int64_t, const Sums &) {}
void multiply(const Bits *, int64_t, const Bits *, int64_t, float *, int64_t, int64_t, int64_t, int64_t, bool) {}
void narrow(Bits *, const float *, int64_t, float) {}

#endif

}  // namespace ctorch::bf16
