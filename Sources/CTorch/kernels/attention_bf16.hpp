// Attention of the query heads that share one key head over one row, in bfloat16 products with float32 sums, on blocks of
// queries so that keys after a block are never touched. Needs bf16::available().
#pragma once

#include "bf16_product.hpp"

#include <vector>

namespace ctorch::attention {

// Vectors of `size` values, `stride` apart.
struct Vectors {
  const bf16::Bits *data;
  int64_t stride;
};

// Whether heads of this size can take this path.
bool has_bf16(int64_t head_size);

// Keys and values of one key head, packed for the products that need them.
class KeysAndValues {
 public:
  // `cached` earlier vectors followed by `count` new ones; `cached` may be 0.
  void pack(Vectors key_cache, Vectors value_cache, int64_t cached, Vectors key, Vectors value, int64_t count,
            int64_t size);
  // What the backward pass needs as well; for cached = 0.
  void pack_for_backward(Vectors key, Vectors value);

  int64_t count = 0, size = 0, columns = 0;
  std::vector<bf16::Bits> keys_by_column, values_by_row, values_by_column, keys_by_row;
};

// Query i (0 ≤ i < queries) sees keys 0 … start + i. Writes out[i] and, unless NULL, the log-sum-exp of its scores.
void forward(Vectors query, const KeysAndValues &seen, bf16::Bits *out, int64_t out_stride, float *log_sum_exp,
             int64_t queries, int64_t start, float scale);

// Adds to key_gradient and value_gradient [count, size] float32, not yet scaled, and writes query_gradient; start = 0.
void backward(Vectors query, const KeysAndValues &seen, Vectors out, Vectors out_gradient, const float *log_sum_exp,
              bf16::Bits *query_gradient, int64_t query_gradient_stride, float *key_gradient, float *value_gradient,
              float scale);

}  // namespace ctorch::attention
