#include "few_rows.hpp"
#include "bf16_product.hpp"
#include "few_rows_float32.hpp"
#include "vector.hpp"

#include "../parallel.hpp"

#include <ATen/core/grad_mode.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ctorch {

namespace {

// Up to so many rows a library's product takes longer.
constexpr int64_t most_rows = 32;
constexpr int64_t step = 32;  // bfloat16 numbers of one vector

#if defined(__x86_64__)

// Sums of the lanes of sixteen vectors, in their order.
CTORCH_BF16 inline __m512 lane_sums(const __m512 (&vectors)[16]) {
  __m512 quarters[4];
#pragma clang loop unroll(full)
  for (int index = 0; index < 4; ++index) {
    const __m512 *four = vectors + 4 * index;
    auto pair = [](__m512 a, __m512 b) CTORCH_BF16 {
      return _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
    };
    // [0 1 0 1 | …] and [2 3 2 3 | …] become [0 1 2 3 | …].
    __m512d first = _mm512_castps_pd(pair(four[0], four[1])), second = _mm512_castps_pd(pair(four[2], four[3]));
    quarters[index] = _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(first, second)),
                                    _mm512_castpd_ps(_mm512_unpackhi_pd(first, second)));
  }
  auto halves = [](__m512 a, __m512 b) CTORCH_BF16 {
    return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xDD));
  };
  return halves(halves(quarters[0], quarters[1]), halves(quarters[2], quarters[3]));
}

// Four columns of the result for `Rows` rows.
template <int Rows>
CTORCH_BF16 inline void tile(const bf16::Bits *x, const bf16::Bits *weight, bf16::Bits *output, int64_t k,
                             int64_t output_stride) {
  __m512 sums[16];
#pragma clang loop unroll(full)
  for (int index = 0; index < 16; ++index) sums[index] = _mm512_setzero_ps();
  for (int64_t at = 0; at < k; at += step) {
    __m512bh right[4];
#pragma clang loop unroll(full)
    for (int column = 0; column < 4; ++column)
      right[column] = (__m512bh)_mm512_loadu_si512(weight + column * k + at);
#pragma clang loop unroll(full)
    for (int row = 0; row < Rows; ++row) {
      __m512bh left = (__m512bh)_mm512_loadu_si512(x + row * k + at);
#pragma clang loop unroll(full)
      for (int column = 0; column < 4; ++column)
        sums[4 * row + column] = _mm512_dpbf16_ps(sums[4 * row + column], left, right[column]);
    }
  }
  __m256i rounded = (__m256i)_mm512_cvtneps_pbh(lane_sums(sums));
  alignas(32) bf16::Bits numbers[16];
  _mm256_store_si256(reinterpret_cast<__m256i *>(numbers), rounded);
#pragma clang loop unroll(full)
  for (int row = 0; row < Rows; ++row)
    std::memcpy(output + row * output_stride, numbers + 4 * row, 4 * sizeof(bf16::Bits));
}

CTORCH_BF16 void columns(const bf16::Bits *x, const bf16::Bits *weight, bf16::Bits *output, int64_t m, int64_t k,
                         int64_t n, int64_t begin, int64_t end) {
  for (int64_t column = begin; column < end; column += 4) {
    const bf16::Bits *part = weight + column * k;
    int64_t row = 0;
    for (; row + 4 <= m; row += 4) tile<4>(x + row * k, part, output + row * n + column, k, n);
    if (m - row == 3) tile<3>(x + row * k, part, output + row * n + column, k, n);
    if (m - row == 2) tile<2>(x + row * k, part, output + row * n + column, k, n);
    if (m - row == 1) tile<1>(x + row * k, part, output + row * n + column, k, n);
  }
}

#else

void columns(const bf16::Bits *, const bf16::Bits *, bf16::Bits *, int64_t, int64_t, int64_t, int64_t, int64_t) {}

#endif

const bf16::Bits *bits(const at::Tensor &tensor) {
  return reinterpret_cast<const bf16::Bits *>(tensor.const_data_ptr<at::BFloat16>());
}

}  // namespace

bool is_few_rows(const at::Tensor &x, const at::Tensor &weight) {
  bool fits = !composed_only() && x.dim() == 2 && weight.dim() == 2 && x.size(0) > 0 && x.size(0) <= most_rows &&
              x.size(1) > 0 && x.size(1) == weight.size(1) && weight.size(0) % 4 == 0 &&
              !(at::GradMode::is_enabled() && (x.requires_grad() || weight.requires_grad()));
  bool is_bf16 = on_cpu(at::kBFloat16, x, weight) && x.size(1) % step == 0 && bf16::available();
  bool is_float32 =
      on_cpu(at::kFloat, x, weight) && x.size(1) % few_rows_float32::step == 0 && few_rows_float32::available();
  return fits && (is_bf16 || is_float32);
}

at::Tensor few_rows_linear(const at::Tensor &x, const at::Tensor &weight) {
  int64_t m = x.size(0), k = x.size(1), n = weight.size(0);
  auto output = at::empty({m, n}, x.options().requires_grad(false));
  bool is_float32 = x.scalar_type() == at::kFloat;
  parallel_for(0, n / 4, 4 * m * k / (is_float32 ? 4 : 8), [&](int64_t begin, int64_t end) {
    if (is_float32) {
      few_rows_float32::columns(x.const_data_ptr<float>(), weight.const_data_ptr<float>(), output.data_ptr<float>(), m,
                                k, n, 4 * begin, 4 * end);
    } else {
      auto *target = reinterpret_cast<bf16::Bits *>(output.data_ptr<at::BFloat16>());
      columns(bits(x), bits(weight), target, m, k, n, 4 * begin, 4 * end);
    }
  });
  return output;
}

}  // namespace ctorch
