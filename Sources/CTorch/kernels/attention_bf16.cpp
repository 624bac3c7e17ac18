#include "attention_bf16.hpp"

#include "vector.hpp"

#include <algorithm>
#include <cmath>

namespace ctorch::attention {

using bf16::Bits;

namespace {

constexpr int64_t block = 32;  // queries

CTORCH_INLINE float widen(Bits bits) {
  uint32_t word = static_cast<uint32_t>(bits) << 16;
  float value;
  std::memcpy(&value, &word, 4);
  return value;
}

template <typename T>
T *room(std::vector<T> &buffer, int64_t count) {
  if (static_cast<int64_t>(buffer.size()) < count) buffer.resize(static_cast<size_t>(count));
  return buffer.data();
}

// values[0 ..< visible] = softmax(scale · scores); zeros up to `count`, a multiple of 16. Gives the log-sum-exp.
CTORCH_CLONES float softmax_row(float *scores, int64_t visible, int64_t count, float scale) {
  // Rows are short: whole vectors only, the last one filled up with what adds nothing.
  int64_t end = (visible + 15) / 16 * 16;
  for (int64_t index = visible; index < end; ++index) scores[index] = -INFINITY;
  float lanes[16];
  for (float &lane : lanes) lane = -INFINITY;
  for (int64_t index = 0; index < end; index += 16)
    for (int lane = 0; lane < 16; ++lane) lanes[lane] = std::max(lanes[lane], scores[index + lane]);
  float maximum = maximum_of(lanes);
  for (float &lane : lanes) lane = 0;
  for (int64_t index = 0; index < end; index += 16)
    for (int lane = 0; lane < 16; ++lane) {
      float value = exponential((scores[index + lane] - maximum) * scale);
      scores[index + lane] = value;
      lanes[lane] += value;
    }
  float sum = sum_of(lanes), factor = 1.0f / sum;
  for (int64_t index = 0; index < end; index += 16)
    for (int lane = 0; lane < 16; ++lane) scores[index + lane] *= factor;
  for (int64_t index = end; index < count; ++index) scores[index] = 0;
  return std::log(sum) + maximum * scale;
}

// From scores and dP to P (in scores) and P · (dP − delta) (in gradient); both 0 from `visible` to `count`, a multiple of
// 16.
CTORCH_CLONES void softmax_gradient_row(float *scores, float *gradient, float log_sum_exp, float delta, int64_t visible,
                                        int64_t count, float scale) {
  for (int64_t index = 0; index < visible; index += 16)
    for (int lane = 0; lane < 16; ++lane) {
      float p = exponential(scores[index + lane] * scale - log_sum_exp);
      scores[index + lane] = p;
      gradient[index + lane] = p * (gradient[index + lane] - delta);
    }
  for (int64_t index = visible; index < count; ++index) scores[index] = gradient[index] = 0;
}

CTORCH_CLONES float dot(const Bits *a, const Bits *b, int64_t count) {
  float sums[16] = {};
  int64_t index = 0;
  for (; index + 16 <= count; index += 16)
    for (int lane = 0; lane < 16; ++lane) sums[lane] += widen(a[index + lane]) * widen(b[index + lane]);
  float total = sum_of(sums);
  for (; index < count; ++index) total += widen(a[index]) * widen(b[index]);
  return total;
}

// target[column][row] = source[row][column], `block` apart; rows past `rows` are 0.
CTORCH_CLONES void transpose(Bits *target, const Bits *source, int64_t stride, int64_t rows, int64_t columns) {
  for (int64_t column = 0; column < columns; ++column) {
    Bits *to = target + column * block;
    for (int64_t row = 0; row < rows; ++row) to[row] = source[row * stride + column];
    for (int64_t row = rows; row < block; ++row) to[row] = 0;
  }
}

// Scratch that a thread keeps.
struct Scratch {
  std::vector<float> scores, gradients, product;
  std::vector<Bits> weights, weight_gradients, transposed, queries_by_row, out_gradients_by_row;
};
thread_local Scratch scratchpad;

}  // namespace

bool has_bf16(int64_t head_size) { return bf16::available() && head_size % bf16::lanes == 0; }

void KeysAndValues::pack(Vectors key_cache, Vectors value_cache, int64_t cached, Vectors key, Vectors value,
                         int64_t new_count, int64_t head_size) {
  count = cached + new_count;
  size = head_size;
  columns = bf16::padded(count);
  int64_t room_needed = columns * size;
  Bits *by_column = room(keys_by_column, room_needed), *by_row = room(values_by_row, room_needed);
  if (cached > 0) bf16::pack_columns(by_column, columns, 0, key_cache.data, key_cache.stride, size, cached);
  bf16::pack_columns(by_column, columns, cached, key.data, key.stride, size, new_count);
  // A pair of rows that straddles cache and new vectors is packed by hand.
  int64_t even = cached / 2 * 2;
  if (even > 0) bf16::pack_rows(by_row, size, value_cache.data, value_cache.stride, even, size);
  const Bits *rest = value.data;
  int64_t left = new_count;
  if (even < cached) {
    const Bits *last = value_cache.data + even * value_cache.stride;
    for (int64_t index = 0; index < size; ++index) {
      by_row[even * size + 2 * index] = last[index];
      by_row[even * size + 2 * index + 1] = left > 0 ? rest[index] : Bits{0};
    }
    even += 2;
    rest += value.stride;
    left -= 1;
  }
  if (left > 0) bf16::pack_rows(by_row + even * size, size, rest, value.stride, left, size);
}

void KeysAndValues::pack_for_backward(Vectors key, Vectors value) {
  Bits *by_column = room(values_by_column, columns * size), *by_row = room(keys_by_row, columns * size);
  bf16::pack_columns(by_column, columns, 0, value.data, value.stride, size, count);
  bf16::pack_rows(by_row, size, key.data, key.stride, count, size);
}

void forward(Vectors query, const KeysAndValues &seen, Bits *out, int64_t out_stride, float *log_sum_exp,
             int64_t queries, int64_t start, float scale) {
  int64_t size = seen.size, columns = seen.columns;
  float *scores = room(scratchpad.scores, block * columns), *product = room(scratchpad.product, block * size);
  Bits *weights = room(scratchpad.weights, block * columns);
  for (int64_t begin = 0; begin < queries; begin += block) {
    int64_t rows = std::min(block, queries - begin), keys = start + begin + rows, width = bf16::padded(keys);
    bf16::multiply(query.data + begin * query.stride, query.stride, seen.keys_by_column.data(), columns, scores,
                   columns, rows, keys, size, false);
    for (int64_t row = 0; row < rows; ++row) {
      float *line = scores + row * columns;
      float total = softmax_row(line, start + begin + row + 1, width, scale);
      if (log_sum_exp) log_sum_exp[begin + row] = total;
      bf16::narrow(weights + row * columns, line, width, 1);
    }
    bf16::multiply(weights, columns, seen.values_by_row.data(), size, product, size, rows, size, keys, false);
    for (int64_t row = 0; row < rows; ++row)
      bf16::narrow(out + (begin + row) * out_stride, product + row * size, size, 1);
  }
}

void backward(Vectors query, const KeysAndValues &seen, Vectors out, Vectors out_gradient, const float *log_sum_exp,
              Bits *query_gradient, int64_t query_gradient_stride, float *key_gradient, float *value_gradient,
              float scale) {
  int64_t size = seen.size, columns = seen.columns;
  float *scores = room(scratchpad.scores, block * columns), *gradients = room(scratchpad.gradients, block * columns);
  float *product = room(scratchpad.product, block * size);
  Bits *weights = room(scratchpad.weights, block * columns);
  Bits *weight_gradients = room(scratchpad.weight_gradients, block * columns);
  Bits *transposed = room(scratchpad.transposed, block * columns);
  Bits *queries_by_row = room(scratchpad.queries_by_row, block * size);
  Bits *out_gradients_by_row = room(scratchpad.out_gradients_by_row, block * size);
  for (int64_t begin = 0; begin < seen.count; begin += block) {
    int64_t rows = std::min(block, seen.count - begin), keys = begin + rows, width = bf16::padded(keys);
    const Bits *q = query.data + begin * query.stride, *d = out_gradient.data + begin * out_gradient.stride;
    bf16::multiply(q, query.stride, seen.keys_by_column.data(), columns, scores, columns, rows, keys, size, false);
    bf16::multiply(d, out_gradient.stride, seen.values_by_column.data(), columns, gradients, columns, rows, keys, size,
                   false);
    for (int64_t row = 0; row < rows; ++row) {
      float delta = dot(d + row * out_gradient.stride, out.data + (begin + row) * out.stride, size);
      float *score_line = scores + row * columns, *gradient_line = gradients + row * columns;
      softmax_gradient_row(score_line, gradient_line, log_sum_exp[begin + row], delta, begin + row + 1, width, scale);
      bf16::narrow(weights + row * columns, score_line, width, 1);
      bf16::narrow(weight_gradients + row * columns, gradient_line, width, 1);
    }
    bf16::multiply(weight_gradients, columns, seen.keys_by_row.data(), size, product, size, rows, size, keys, false);
    for (int64_t row = 0; row < rows; ++row)
      bf16::narrow(query_gradient + (begin + row) * query_gradient_stride, product + row * size, size, scale);
    bf16::pack_rows(out_gradients_by_row, size, d, out_gradient.stride, rows, size);
    bf16::pack_rows(queries_by_row, size, q, query.stride, rows, size);
    transpose(transposed, weights, columns, rows, keys);
    bf16::multiply(transposed, block, out_gradients_by_row, size, value_gradient, size, keys, size, rows, true);
    transpose(transposed, weight_gradients, columns, rows, keys);
    bf16::multiply(transposed, block, queries_by_row, size, key_gradient, size, keys, size, rows, true);
  }
}

}  // namespace ctorch::attention
