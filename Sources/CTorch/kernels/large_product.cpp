#include "large_product.hpp"
#include "bf16_product.hpp"
#include "vector.hpp"

#include "../parallel.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ctorch {

namespace {

using bf16::Bits;
using bf16::lanes;

// A panel is this many columns of the result; its part of a right-hand matrix is packed for `inner_block` of the inner
// dimension at a time, which is what the second-level cache holds beside the rows of the left.
constexpr int64_t panel_vectors = 3, panel_columns = panel_vectors * lanes, inner_block = 2048;

// How far ahead packing asks for what it reads: its strides are too long for the machine to guess.
constexpr int64_t ahead_of_columns = 128, ahead_of_rows = 16;

const Bits *bits(const at::Tensor &tensor) {
  return reinterpret_cast<const Bits *>(tensor.const_data_ptr<at::BFloat16>());
}

int64_t inner(const Product &product) { return product.right.size(product.transposed ? 1 : 0); }
int64_t columns(const Product &product) { return product.right.size(product.transposed ? 0 : 1); }

#if defined(__x86_64__)

// Part of a product's inner dimension: rows of the left, `stride` apart, and the packed panel [pairs][columns][2].
struct Segment {
  const Bits *left;
  int64_t stride;
  const Bits *packed;
  int64_t pairs;
};

// Where a panel's sums come from and go to: another block's sums, or none; the next block's, or the result.
struct Sums {
  const float *from;  // [m, panel_columns] or null
  float *to;          // [m, panel_columns] or null
  void *result;       // [m, n] at the panel's first column
  int64_t stride;     // n
  bool is_float;
  float scale;
  __mmask16 last;  // columns of the last vector
};

template <int Vectors>
CTORCH_BF16 inline void put(const __m512 *sums, int64_t row, const Sums &target) {
#pragma clang loop unroll(full)
  for (int vector = 0; vector < Vectors; ++vector) {
    if (target.to) {
      _mm512_storeu_ps(target.to + row * panel_columns + vector * lanes, sums[vector]);
      continue;
    }
    __mmask16 mask = vector + 1 < Vectors ? static_cast<__mmask16>(0xFFFF) : target.last;
    int64_t at = row * target.stride + vector * lanes;
    __m512 scaled = _mm512_mul_ps(sums[vector], _mm512_set1_ps(target.scale));
    if (target.is_float)
      _mm512_mask_storeu_ps(static_cast<float *>(target.result) + at, mask, scaled);
    else
      _mm256_mask_storeu_epi16(static_cast<Bits *>(target.result) + at, mask, (__m256i)_mm512_cvtneps_pbh(scaled));
  }
}

template <int Rows, int Vectors>
CTORCH_BF16 inline void tile(const std::vector<Segment> &segments, int64_t row, const Sums &target) {
  __m512 sums[Rows][Vectors];
#pragma clang loop unroll(full)
  for (int index = 0; index < Rows; ++index)
#pragma clang loop unroll(full)
    for (int vector = 0; vector < Vectors; ++vector)
      sums[index][vector] = target.from ? _mm512_loadu_ps(target.from + (row + index) * panel_columns + vector * lanes)
                                        : _mm512_setzero_ps();
  for (const auto &segment : segments) {
    const Bits *left = segment.left + row * segment.stride;
    int64_t stride = segment.stride, pairs = segment.pairs;
    const Bits *packed = segment.packed;
    for (int64_t pair = 0; pair < pairs; ++pair) {
      __m512bh right[Vectors];
#pragma clang loop unroll(full)
      for (int vector = 0; vector < Vectors; ++vector)
        right[vector] = (__m512bh)_mm512_loadu_si512(packed + (pair * Vectors + vector) * 2 * lanes);
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

// Rows begin ..< end of a panel. As many rows at once as there are registers for their sums.
template <int Vectors>
CTORCH_BF16 void strip(const std::vector<Segment> &segments, int64_t begin, int64_t end, const Sums &target) {
  constexpr int most = Vectors == 1 ? 24 : Vectors == 2 ? 12 : 8;
  int64_t row = begin;
  for (; row + most <= end; row += most) tile<most, Vectors>(segments, row, target);
  for (; row + 4 <= end; row += 4) tile<4, Vectors>(segments, row, target);
  for (; row < end; ++row) tile<1, Vectors>(segments, row, target);
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

// Packs `count` of the inner dimension from `from` on, for the columns of one panel.
CTORCH_BF16 void pack(Bits *packed, const Product &product, int64_t from, int64_t count, int64_t column, int64_t width) {
  int64_t stride = product.right.stride(0), vectors = bf16::padded(width) / lanes;
  const Bits *source = bits(product.right);
  for (int64_t vector = 0; vector < vectors; ++vector) {
    int64_t first = column + vector * lanes, present = std::min(lanes, column + width - first);
    if (product.transposed) {
      for (int64_t at = 0; at < count; at += 2 * lanes) {
        int64_t rest = std::min(2 * lanes, count - at);
        auto mask = static_cast<__mmask32>(rest == 32 ? ~0u : (1u << rest) - 1u);
        __m512i rows[16];
#pragma clang loop unroll(full)
        for (int64_t row = 0; row < lanes; ++row)
          _mm_prefetch(source + (first + row) * stride + from + at + ahead_of_columns, _MM_HINT_T0);
#pragma clang loop unroll(full)
        for (int64_t row = 0; row < lanes; ++row)
          rows[row] = row < present ? _mm512_maskz_loadu_epi16(mask, source + (first + row) * stride + from + at)
                                    : _mm512_setzero_si512();
        transpose(rows);
        Bits *target = packed + at * vectors * lanes + vector * 2 * lanes;
#pragma clang loop unroll(full)
        for (int64_t pair = 0; pair < lanes; ++pair)
          if (2 * pair < rest) _mm512_storeu_si512(target + pair * vectors * 2 * lanes, rows[pair]);
      }
    } else {
      auto mask = static_cast<__mmask16>((1u << present) - 1u);
      for (int64_t at = 0; at < count; at += 2) {
        const Bits *even = source + (from + at) * stride + first;
        _mm_prefetch(even + ahead_of_rows * stride, _MM_HINT_T0);
        _mm_prefetch(even + (ahead_of_rows + 1) * stride, _MM_HINT_T0);
        __m512i pairs = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, even));
        if (at + 1 < count)
          pairs = _mm512_or_si512(
              pairs, _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, even + stride)), 16));
        _mm512_storeu_si512(packed + at * vectors * lanes + vector * 2 * lanes, pairs);
      }
    }
  }
}

struct Scratch {
  std::vector<Bits> packed;
  std::vector<float> sums;
  std::vector<Segment> segments;
};

void multiply_panel(const std::vector<Product> &products, int64_t column, int64_t width, int64_t begin, int64_t end,
                    Sums target) {
  thread_local Scratch scratch;
  int64_t rest = width % lanes;
  target.last = static_cast<__mmask16>(rest == 0 ? 0xFFFF : (1u << rest) - 1u);
  int64_t total = 0;
  for (const auto &product : products) total += (inner(product) + 1) / 2 * 2;
  scratch.packed.resize(static_cast<size_t>(std::min(total, inner_block) * panel_columns));
  if (total > inner_block) scratch.sums.resize(static_cast<size_t>((end - begin) * panel_columns));
  // Sums of row `begin` lie first.
  float *between = scratch.sums.data() - begin * panel_columns;
  int64_t done = 0;
  size_t index = 0;
  int64_t from = 0;  // in products[index]
  while (index < products.size()) {
    scratch.segments.clear();
    int64_t filled = 0;
    while (index < products.size() && filled < inner_block) {
      const auto &product = products[index];
      int64_t count = std::min(inner(product) - from, inner_block - filled);
      Bits *packed = scratch.packed.data() + filled * bf16::padded(width);
      pack(packed, product, from, count, column, width);
      scratch.segments.push_back({bits(product.left) + from, product.left.stride(0), packed, (count + 1) / 2});
      filled += (count + 1) / 2 * 2;
      from += count;
      if (from == inner(product)) {
        ++index;
        from = 0;
      }
    }
    target.from = done > 0 ? between : nullptr;
    done += filled;
    target.to = index < products.size() ? between : nullptr;
    switch (bf16::padded(width) / lanes) {
      case 1: strip<1>(scratch.segments, begin, end, target); break;
      case 2: strip<2>(scratch.segments, begin, end, target); break;
      default: strip<3>(scratch.segments, begin, end, target); break;
    }
  }
}

// How many blocks of rows give the threads equal shares of the panels.
int64_t row_blocks(int64_t panels, int64_t rows, int64_t threads) {
  int64_t blocks = 1;
  while (blocks < threads && panels * blocks % threads != 0 && panels * blocks < 8 * threads) ++blocks;
  return std::min(blocks, std::max<int64_t>(rows / 8, 1));
}

at::Tensor multiply(const std::vector<Product> &products, at::ScalarType type, double scale) {
  int64_t m = products[0].left.size(0), n = columns(products[0]), work = 0;
  auto result = at::empty({m, n}, products[0].left.options().dtype(type).requires_grad(false));
  if (m == 0 || n == 0) return result;
  for (const auto &product : products) work += m * n * inner(product) / 32;
  bool is_float = type == at::kFloat;
  auto *first = static_cast<char *>(result.data_ptr());
  int64_t panels = (n + panel_columns - 1) / panel_columns;
  int64_t blocks = row_blocks(panels, m, at::get_num_threads());
  parallel_items(panels * blocks, work, [&](int64_t item) {
    int64_t column = item / blocks * panel_columns, block = item % blocks;
    Sums target{nullptr, nullptr, first + column * (is_float ? 4 : 2), n, is_float, static_cast<float>(scale), 0};
    multiply_panel(products, column, std::min(panel_columns, n - column), m * block / blocks, m * (block + 1) / blocks,
                   target);
  });
  return result;
}

#else

at::Tensor multiply(const std::vector<Product> &, at::ScalarType, double) { return {}; }

#endif

// Rows of bfloat16 that lie one after the other, an even number of them in the inner dimension on the left.
bool is_usable(const Product &product) {
  auto rows = [](const at::Tensor &tensor) {
    return tensor.device().is_cpu() && tensor.scalar_type() == at::kBFloat16 && tensor.dim() == 2 &&
           (tensor.stride(1) == 1 || tensor.size(1) == 1) && tensor.numel() > 0;
  };
  return rows(product.left) && rows(product.right) && product.left.size(1) >= (inner(product) + 1) / 2 * 2;
}

// The same by LibTorch, one term after the other.
at::Tensor composed(const std::vector<Product> &products, at::ScalarType type, double scale) {
  at::Tensor sum;
  for (const auto &product : products) {
    auto left = product.left.narrow(1, 0, inner(product));
    auto right = product.transposed ? product.right.t() : product.right;
    if (sum.defined())
      sum.addmm_(left, right);
    else
      sum = at::mm(left, right);
  }
  sum = sum.to(type);
  return scale == 1 ? sum : sum.mul_(scale);
}

}  // namespace

at::Tensor sum_of_products(const std::vector<Product> &products, at::ScalarType type, double scale) {
  bool usable = !composed_only() && bf16::available() && std::all_of(products.begin(), products.end(), is_usable);
  return usable ? multiply(products, type, scale) : composed(products, type, scale);
}

at::Tensor transposed_product(const at::Tensor &left, const at::Tensor &right, at::ScalarType type, double scale) {
  int64_t m = left.size(0);
  auto rows = at::zeros({left.size(1), m + m % 2}, left.options().requires_grad(false));
  rows.narrow(1, 0, m).copy_(left.t());
  return sum_of_products({{rows, right, false}}, type, scale);
}

Product bias_term(const at::Tensor &bias, int64_t m) {
  auto one = at::zeros({1, 2}, bias.options().requires_grad(false));
  one.select(1, 0).fill_(1);
  return {one.expand({m, 2}), bias.unsqueeze(0), false};
}

}  // namespace ctorch
