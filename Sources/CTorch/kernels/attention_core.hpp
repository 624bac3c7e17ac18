// Attention of one head over one row, in float32, on blocks of queries so that keys after a block are never touched.
#pragma once

#include "vector.hpp"

namespace ctorch::attention {

constexpr int64_t query_block = 64;

// One head's operand: `rows` vectors of `size` floats, `stride` apart.
struct Head {
  const float *data;
  int64_t stride;
};

// Query i (0 ≤ i < queries) sees keys 0 … start + i. Writes out[i] and, unless NULL, the log-sum-exp of its scores.
// `scores` is scratch for query_block × (start + queries) floats.
void forward(Head query, Head key, Head value, float *out, int64_t out_stride, float *log_sum_exp, int64_t queries,
             int64_t start, int64_t size, float scale, float *scores);

// Adds to key_gradient and value_gradient [queries, size] and writes query_gradient, for start = 0.
// `scores` is scratch for 2 × query_block × queries floats.
void backward(Head query, Head key, Head value, Head out, Head out_gradient, const float *log_sum_exp,
              float *query_gradient, int64_t query_gradient_stride, float *key_gradient, int64_t key_gradient_stride,
              float *value_gradient, int64_t value_gradient_stride, int64_t queries, int64_t size, float scale,
              float *scores);

}  // namespace ctorch::attention
