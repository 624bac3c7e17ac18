#include "attention_core.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ctorch::attention {

namespace {

using Sgemm = void (*)(const char *transa, const char *transb, const int *m, const int *n, const int *k,
                       const float *alpha, const float *a, const int *lda, const float *b, const int *ldb,
                       const float *beta, float *c, const int *ldc);

// The BLAS that LibTorch brings along: inside it (MKL on x86_64), or a library of its own that a linker would not look
// into (NVPL on aarch64, Accelerate on macOS).
Sgemm find_sgemm() {
  auto found = reinterpret_cast<Sgemm>(dlsym(RTLD_DEFAULT, "sgemm_"));
  if (!found) throw std::runtime_error("this LibTorch brings no BLAS: the symbol sgemm_ is missing");
  return found;
}

// c[n, m] in column-major order, which is c[m, n] in row-major order with the operands swapped.
void gemm(char transa, char transb, int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda,
          const float *b, int64_t ldb, float beta, float *c, int64_t ldc) {
  int sizes[] = {static_cast<int>(m), static_cast<int>(n), static_cast<int>(k)};
  int strides[] = {static_cast<int>(lda), static_cast<int>(ldb), static_cast<int>(ldc)};
  static const Sgemm sgemm = find_sgemm();
  sgemm(&transa, &transb, &sizes[0], &sizes[1], &sizes[2], &alpha, a, &strides[0], b, &strides[1], &beta, c,
        &strides[2]);
}

// Row-major products through column-major BLAS: c[m, n] = alpha · a · b + beta · c.
void multiply_transposed(const float *a, int64_t lda, const float *b, int64_t ldb, float *c, int64_t ldc, int64_t m,
                         int64_t n, int64_t k, float alpha, float beta) {  // a[m, k] · b[n, k]ᵀ
  gemm('T', 'N', n, m, k, alpha, b, ldb, a, lda, beta, c, ldc);
}
void multiply(const float *a, int64_t lda, const float *b, int64_t ldb, float *c, int64_t ldc, int64_t m, int64_t n,
              int64_t k, float alpha, float beta) {  // a[m, k] · b[k, n]
  gemm('N', 'N', n, m, k, alpha, b, ldb, a, lda, beta, c, ldc);
}
void transposed_multiply(const float *a, int64_t lda, const float *b, int64_t ldb, float *c, int64_t ldc, int64_t m,
                         int64_t n, int64_t k, float alpha, float beta) {  // a[k, m]ᵀ · b[k, n]
  gemm('N', 'T', n, m, k, alpha, b, ldb, a, lda, beta, c, ldc);
}

// Softmax over scores[0 ..< visible], zeros up to `keys`; gives the log-sum-exp.
CTORCH_CLONES float softmax_row(float *scores, int64_t visible, int64_t keys) {
  float lanes[16];
  for (float &lane : lanes) lane = -INFINITY;
  int64_t index = 0;
  for (; index + 16 <= visible; index += 16)
    for (int lane = 0; lane < 16; ++lane) lanes[lane] = std::max(lanes[lane], scores[index + lane]);
  float maximum = maximum_of(lanes);
  for (; index < visible; ++index) maximum = std::max(maximum, scores[index]);
  float sums[16] = {};
  for (index = 0; index + 16 <= visible; index += 16)
    for (int lane = 0; lane < 16; ++lane) {
      float value = exponential(scores[index + lane] - maximum);
      scores[index + lane] = value;
      sums[lane] += value;
    }
  float sum = sum_of(sums);
  for (; index < visible; ++index) sum += scores[index] = exponential(scores[index] - maximum);
  float factor = 1.0f / sum;
  for (index = 0; index < visible; ++index) scores[index] *= factor;
  for (index = visible; index < keys; ++index) scores[index] = 0;
  return std::log(sum) + maximum;
}

// From scores and dP to P (in scores) and dS = P · (dP − delta) (in gradient); both 0 past `visible`.
CTORCH_CLONES void softmax_gradient_row(float *scores, float *gradient, float log_sum_exp, float delta, int64_t visible,
                                        int64_t keys) {
  for (int64_t index = 0; index < visible; ++index) {
    float p = exponential(scores[index] - log_sum_exp);
    scores[index] = p;
    gradient[index] = p * (gradient[index] - delta);
  }
  for (int64_t index = visible; index < keys; ++index) scores[index] = gradient[index] = 0;
}

CTORCH_CLONES float dot(const float *a, const float *b, int64_t count) {
  float lanes[16] = {};
  int64_t index = 0;
  for (; index + 16 <= count; index += 16)
    for (int lane = 0; lane < 16; ++lane) lanes[lane] += a[index + lane] * b[index + lane];
  float total = sum_of(lanes);
  for (; index < count; ++index) total += a[index] * b[index];
  return total;
}

}  // namespace

void forward(Head query, Head key, Head value, float *out, int64_t out_stride, float *log_sum_exp, int64_t queries,
             int64_t start, int64_t size, float scale, float *scores) {
  for (int64_t begin = 0; begin < queries; begin += query_block) {
    int64_t count = std::min(query_block, queries - begin);
    int64_t keys = start + begin + count;
    multiply_transposed(query.data + begin * query.stride, query.stride, key.data, key.stride, scores, keys, count,
                        keys, size, scale, 0);
    for (int64_t row = 0; row < count; ++row) {
      float total = softmax_row(scores + row * keys, start + begin + row + 1, keys);
      if (log_sum_exp) log_sum_exp[begin + row] = total;
    }
    multiply(scores, keys, value.data, value.stride, out + begin * out_stride, out_stride, count, size, keys, 1, 0);
  }
}

void backward(Head query, Head key, Head value, Head out, Head out_gradient, const float *log_sum_exp,
              float *query_gradient, int64_t query_gradient_stride, float *key_gradient, int64_t key_gradient_stride,
              float *value_gradient, int64_t value_gradient_stride, int64_t queries, int64_t size, float scale,
              float *scores) {
  float *score_gradient = scores + query_block * queries;
  for (int64_t begin = 0; begin < queries; begin += query_block) {
    int64_t count = std::min(query_block, queries - begin);
    int64_t keys = begin + count;
    const float *q = query.data + begin * query.stride;
    const float *d = out_gradient.data + begin * out_gradient.stride;
    multiply_transposed(q, query.stride, key.data, key.stride, scores, keys, count, keys, size, scale, 0);
    multiply_transposed(d, out_gradient.stride, value.data, value.stride, score_gradient, keys, count, keys, size, 1,
                        0);
    for (int64_t row = 0; row < count; ++row) {
      float delta = dot(d + row * out_gradient.stride, out.data + (begin + row) * out.stride, size);
      softmax_gradient_row(scores + row * keys, score_gradient + row * keys, log_sum_exp[begin + row], delta,
                           begin + row + 1, keys);
    }
    transposed_multiply(scores, keys, d, out_gradient.stride, value_gradient, value_gradient_stride, keys, size, count,
                        1, 1);
    transposed_multiply(score_gradient, keys, q, query.stride, key_gradient, key_gradient_stride, keys, size, count,
                        scale, 1);
    multiply(score_gradient, keys, key.data, key.stride, query_gradient + begin * query_gradient_stride,
             query_gradient_stride, count, size, keys, scale, 0);
  }
}

}  // namespace ctorch::attention
