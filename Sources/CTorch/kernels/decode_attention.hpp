// Attention of one new token to everything before it in its row: what decoding does, token by token. Keys and values are
// read once, as they lie in the cache, for all query heads that share them.
#pragma once

#include "vector.hpp"

namespace ctorch::attention {

// The heads of one key head: `group` queries of `size` numbers, one after the other, as the outputs are.
template <typename T>
struct Decoding {
  const T *queries;
  T *outputs;
  int64_t group, size;
  // `cached` vectors of keys and of values, then the new token's.
  const T *keys, *values;
  int64_t cached;
  const T *new_key, *new_value;
  float scale;
};

// Numbers that decode_row needs room for.
template <typename T>
int64_t buffer_size(const Decoding<T> &d) {
  return d.group * (d.size + d.cached + 1);
}

// `size` is a multiple of 16.
void decode_row(const Decoding<float> &decoding, float *buffer);
void decode_row(const Decoding<at::BFloat16> &decoding, float *buffer);

}  // namespace ctorch::attention
