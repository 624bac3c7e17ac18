#include "decode_attention.hpp"

namespace ctorch::attention {

namespace {

template <typename T>
CTORCH_INLINE float dot(const float *query, const T *key, int64_t size) {
  float lanes[16] = {};
  for (int64_t at = 0; at < size; at += 16)
    for (int lane = 0; lane < 16; ++lane) lanes[lane] += query[at + lane] * load(key + at + lane);
  float sum = 0;
  for (float lane : lanes) sum += lane;
  return sum;
}

template <typename T>
CTORCH_INLINE void decode(const Decoding<T> &d, float *buffer) {
  int64_t length = d.cached + 1;
  float *queries = buffer, *sums = queries + d.group * d.size, *scores = sums + d.group * d.size;
  for (int64_t index = 0; index < d.group * d.size; ++index) {
    queries[index] = load(d.queries + index) * d.scale;
    sums[index] = 0;
  }
  for (int64_t place = 0; place < length; ++place) {
    const T *key = place < d.cached ? d.keys + place * d.size : d.new_key;
    for (int64_t head = 0; head < d.group; ++head)
      scores[head * length + place] = dot(queries + head * d.size, key, d.size);
  }
  for (int64_t head = 0; head < d.group; ++head) {
    float *row = scores + head * length;
    float factor = 1.0f / exponentials_of(row, length, maximum_of(row, length), row);
    for (int64_t place = 0; place < length; ++place) row[place] *= factor;
  }
  for (int64_t place = 0; place < length; ++place) {
    const T *value = place < d.cached ? d.values + place * d.size : d.new_value;
    for (int64_t head = 0; head < d.group; ++head) {
      float weight = scores[head * length + place];
      float *sum = sums + head * d.size;
      for (int64_t index = 0; index < d.size; ++index) sum[index] += weight * load(value + index);
    }
  }
  for (int64_t index = 0; index < d.group * d.size; ++index) store(d.outputs + index, sums[index]);
}

CTORCH_CLONES void decode_f32(const Decoding<float> &decoding, float *buffer) { decode(decoding, buffer); }
CTORCH_CLONES void decode_bf16(const Decoding<at::BFloat16> &decoding, float *buffer) { decode(decoding, buffer); }

}  // namespace

void decode_row(const Decoding<float> &decoding, float *buffer) { decode_f32(decoding, buffer); }
void decode_row(const Decoding<at::BFloat16> &decoding, float *buffer) { decode_bf16(decoding, buffer); }

}  // namespace ctorch::attention
