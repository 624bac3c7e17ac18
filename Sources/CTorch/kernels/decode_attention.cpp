#include "decode_attention.hpp"

namespace ctorch::attention {

namespace {

template <typename T>
CTORCH_INLINE float dot(const float *query, const T *key, int64_t size) {
  float lanes[16] = {};
  for (int64_t at = 0; at < size; at += 16)
    for (int lane = 0; lane < 16; ++lane) lanes[lane] += query[at + lane] * load(key + at + lane);
  return sum_of(lanes);
}

// output[0 ..< Width] = sum of weights · values over all places, in their order, the sums in registers.
template <int Width, typename T>
CTORCH_INLINE void weighted_sum(const Decoding<T> &d, const float *weights, int64_t at, T *output) {
  float sums[Width] = {};
  for (int64_t place = 0; place <= d.cached; ++place) {
    const T *value = (place < d.cached ? d.values + place * d.size : d.new_value) + at;
    for (int lane = 0; lane < Width; ++lane) sums[lane] += weights[place] * load(value + lane);
  }
  for (int lane = 0; lane < Width; ++lane) store(output + lane, sums[lane]);
}

template <typename T>
CTORCH_INLINE void decode(const Decoding<T> &d, float *buffer) {
  int64_t length = d.cached + 1;
  float *queries = buffer, *scores = queries + d.group * d.size;
  for (int64_t index = 0; index < d.group * d.size; ++index) queries[index] = load(d.queries + index) * d.scale;
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
  for (int64_t head = 0; head < d.group; ++head) {
    const float *weights = scores + head * length;
    T *output = d.outputs + head * d.size;
    int64_t at = 0;
    for (; at + 64 <= d.size; at += 64) weighted_sum<64>(d, weights, at, output + at);
    for (; at < d.size; at += 16) weighted_sum<16>(d, weights, at, output + at);
  }
}

CTORCH_CLONES void decode_f32(const Decoding<float> &decoding, float *buffer) { decode(decoding, buffer); }
CTORCH_CLONES void decode_bf16(const Decoding<at::BFloat16> &decoding, float *buffer) { decode(decoding, buffer); }

}  // namespace

void decode_row(const Decoding<float> &decoding, float *buffer) { decode_f32(decoding, buffer); }
void decode_row(const Decoding<at::BFloat16> &decoding, float *buffer) { decode_bf16(decoding, buffer); }

}  // namespace ctorch::attention
