// Attention of new tokens to everything before them in their row, with earlier keys and values in a cache.
#include "../guard.hpp"
#include "attention_bf16.hpp"
#include "attention_core.hpp"
#include "decode_attention.hpp"

#include "../parallel.hpp"

using namespace ctorch;

namespace {

// Element operations of all products of a call.
int64_t total_cost(const int64_t *offsets, const int64_t *starts, int64_t rows, int64_t width) {
  int64_t total = 0;
  for (int64_t row = 0; row < rows; ++row) {
    int64_t count = offsets[row + 1] - offsets[row];
    total += count * (starts[row] + count) * width;
  }
  return total;
}

// `cached` vectors of the cache followed by `count` new ones, as rows of float32.
template <typename T>
attention::Head joined(const T *cache, int64_t cached, const T *source, int64_t stride, int64_t count, int64_t size,
                       std::vector<float> &buffer) {
  float *target = scratch(buffer, (cached + count) * size);
  for (int64_t index = 0; index < cached * size; ++index) target[index] = load(cache + index);
  for (int64_t row = 0; row < count; ++row)
    for (int64_t index = 0; index < size; ++index)
      target[(cached + row) * size + index] = load(source + row * stride + index);
  return {target, size};
}

// Converts `count` vectors of `size` into rows of float32; gives the source itself when it is float32 already.
template <typename T>
attention::Head as_float(const T *source, int64_t stride, int64_t count, int64_t size, std::vector<float> &buffer) {
  float *target = scratch(buffer, count * size);
  for (int64_t row = 0; row < count; ++row)
    for (int64_t index = 0; index < size; ++index) target[row * size + index] = load(source + row * stride + index);
  return {target, size};
}
template <>
attention::Head as_float(const float *source, int64_t stride, int64_t, int64_t, std::vector<float> &) {
  return {source, stride};
}

template <typename T>
void attend(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, at::Tensor &key_cache,
            at::Tensor &value_cache, at::Tensor &output, const int64_t *offsets, const int64_t *slots,
            const int64_t *starts, int64_t rows, bool keep, float scale) {
  int64_t heads = q.size(1), size = q.size(2), key_heads = k.size(1), group = heads / key_heads;
  int64_t capacity = key_cache.size(2), pairs = rows * key_heads;
  const T *qq = q.const_data_ptr<T>(), *kk = k.const_data_ptr<T>(), *vv = v.const_data_ptr<T>();
  T *kc = key_cache.data_ptr<T>(), *vc = value_cache.data_ptr<T>(), *oo = output.data_ptr<T>();
  parallel_for(0, pairs, total_cost(offsets, starts, rows, heads * size) / pairs, [&](int64_t begin, int64_t end) {
    thread_local std::vector<float> buffers[5];
    for (int64_t pair = begin; pair < end; ++pair) {
      int64_t row = pair / key_heads, key_head = pair % key_heads;
      int64_t first = offsets[row], count = offsets[row + 1] - first, start = starts[row];
      int64_t at_cache = (slots[row] * key_heads + key_head) * capacity * size;
      int64_t at_new = (first * key_heads + key_head) * size;
      for (int64_t token = 0; token < count && keep; ++token) {
        int64_t from = at_new + token * key_heads * size, to = at_cache + (start + token) * size;
        std::memcpy(kc + to, kk + from, static_cast<size_t>(size) * sizeof(T));
        std::memcpy(vc + to, vv + from, static_cast<size_t>(size) * sizeof(T));
      }
      if (count == 1 && size % 16 == 0) {
        int64_t at_query = (first * heads + key_head * group) * size;
        attention::Decoding<T> row_of_one{qq + at_query, oo + at_query, group,      size,       kc + at_cache,
                                          vc + at_cache, start,         kk + at_new, vv + at_new, scale};
        attention::decode_row(row_of_one, scratch(buffers[2], attention::buffer_size(row_of_one)));
        continue;
      }
      auto all = [&](const T *cache, const T *source, std::vector<float> &buffer) {
        return keep ? as_float<T>(cache + at_cache, size, start + count, size, buffer)
                    : joined<T>(cache + at_cache, start, source + at_new, key_heads * size, count, size, buffer);
      };
      auto keys = all(kc, kk, buffers[0]), values = all(vc, vv, buffers[1]);
      float *scores = scratch(buffers[2], attention::query_block * (start + count));
      float *result = scratch(buffers[3], count * size);
      for (int64_t head = key_head * group; head < (key_head + 1) * group; ++head) {
        int64_t at_query = (first * heads + head) * size;
        auto queries = as_float<T>(qq + at_query, heads * size, count, size, buffers[4]);
        attention::forward(queries, keys, values, result, size, nullptr, count, start, size, scale, scores);
        for (int64_t token = 0; token < count; ++token)
          for (int64_t index = 0; index < size; ++index)
            store(oo + at_query + token * heads * size + index, result[token * size + index]);
      }
    }
  });
}

// The same on bfloat16 products, for prompts and for rows behind a shared prefix.
void attend_bf16(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, at::Tensor &key_cache,
                 at::Tensor &value_cache, at::Tensor &output, const int64_t *offsets, const int64_t *slots,
                 const int64_t *starts, int64_t rows, bool keep, float scale) {
  auto bits = [](const at::Tensor &tensor) {
    return reinterpret_cast<bf16::Bits *>(const_cast<at::BFloat16 *>(tensor.const_data_ptr<at::BFloat16>()));
  };
  int64_t heads = q.size(1), size = q.size(2), key_heads = k.size(1), group = heads / key_heads;
  int64_t capacity = key_cache.size(2), narrow = key_heads * size;
  parallel_items(rows * key_heads, total_cost(offsets, starts, rows, heads * size), [&](int64_t pair) {
    thread_local attention::KeysAndValues seen;
    int64_t row = pair / key_heads, key_head = pair % key_heads;
    int64_t first = offsets[row], count = offsets[row + 1] - first, start = starts[row];
    bf16::Bits *keys = bits(key_cache) + (slots[row] * key_heads + key_head) * capacity * size;
    bf16::Bits *values = bits(value_cache) + (slots[row] * key_heads + key_head) * capacity * size;
    const bf16::Bits *new_keys = bits(k) + (first * key_heads + key_head) * size;
    const bf16::Bits *new_values = bits(v) + (first * key_heads + key_head) * size;
    for (int64_t token = 0; token < count && keep; ++token) {
      std::memcpy(keys + (start + token) * size, new_keys + token * narrow, static_cast<size_t>(size) * 2);
      std::memcpy(values + (start + token) * size, new_values + token * narrow, static_cast<size_t>(size) * 2);
    }
    if (count == 1 && size % 16 == 0) {
      auto numbers = [](const bf16::Bits *place) { return reinterpret_cast<const at::BFloat16 *>(place); };
      int64_t at_query = (first * heads + key_head * group) * size;
      thread_local std::vector<float> buffer;
      attention::Decoding<at::BFloat16> row_of_one{q.const_data_ptr<at::BFloat16>() + at_query,
                                                   output.data_ptr<at::BFloat16>() + at_query,
                                                   group,
                                                   size,
                                                   numbers(keys),
                                                   numbers(values),
                                                   start,
                                                   numbers(new_keys),
                                                   numbers(new_values),
                                                   scale};
      attention::decode_row(row_of_one, scratch(buffer, attention::buffer_size(row_of_one)));
      return;
    }
    seen.pack({keys, size}, {values, size}, start, {new_keys, narrow}, {new_values, narrow}, count, size);
    for (int64_t head = key_head * group; head < (key_head + 1) * group; ++head) {
      int64_t at_query = (first * heads + head) * size;
      attention::forward({bits(q) + at_query, heads * size}, seen, bits(output) + at_query, heads * size, nullptr,
                         count, start, scale);
    }
  });
}

// Row by row with ATen operations, for other devices and dtypes.
void attend_composed(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, at::Tensor &key_cache,
                     at::Tensor &value_cache, at::Tensor &output, const int64_t *offsets, const int64_t *slots,
                     const int64_t *starts, int64_t rows, bool keep, double scale) {
  int64_t group = q.size(1) / k.size(1);
  for (int64_t row = 0; row < rows; ++row) {
    int64_t first = offsets[row], count = offsets[row + 1] - first, start = starts[row];
    auto part = [&](const at::Tensor &tensor) { return tensor.narrow(0, first, count).transpose(0, 1); };
    auto keys = key_cache.select(0, slots[row]), values = value_cache.select(0, slots[row]);
    if (keep) {
      keys.narrow(1, start, count).copy_(part(k));
      values.narrow(1, start, count).copy_(part(v));
    }
    auto seen = [&](const at::Tensor &cache, const at::Tensor &added) {
      return at::cat({cache.narrow(1, 0, start), part(added)}, 1).repeat_interleave(group, 0);
    };
    auto mask = at::ones({count, start + count}, q.options().dtype(at::kBool)).triu(start + 1);
    auto scores = (at::matmul(part(q), seen(keys, k).transpose(1, 2)) * scale).masked_fill(mask, -INFINITY);
    auto weights = at::softmax(scores, -1, at::kFloat).to(q.scalar_type());
    output.narrow(0, first, count).copy_(at::matmul(weights, seen(values, v)).transpose(0, 1));
  }
}

}  // namespace

ctorch_tensor ctorch_cached_attention(ctorch_tensor query, ctorch_tensor key, ctorch_tensor value,
                                      ctorch_tensor key_cache, ctorch_tensor value_cache, const int64_t *offsets,
                                      const int64_t *slots, const int64_t *starts, int64_t rows, bool keep, double scale) {
  return tensor([&] {
    at::NoGradGuard guard;
    auto q = query->value.contiguous(), k = key->value.contiguous(), v = value->value.contiguous();
    auto &kc = key_cache->value, &vc = value_cache->value;
    TORCH_CHECK(q.dim() == 3 && k.dim() == 3 && k.sizes() == v.sizes() && q.size(0) == k.size(0) &&
                    q.size(2) == k.size(2) && k.size(1) > 0 && q.size(1) % k.size(1) == 0,
                "cached_attention: expected [tokens, heads, size], got ", q.sizes(), ", ", k.sizes(), ", ", v.sizes());
    TORCH_CHECK(kc.dim() == 4 && kc.sizes() == vc.sizes() && kc.size(1) == k.size(1) && kc.size(3) == k.size(2) &&
                    kc.is_contiguous() && vc.is_contiguous() && kc.scalar_type() == k.scalar_type(),
                "cached_attention: expected caches [slots, ", k.size(1), ", capacity, ", k.size(2), "], got ",
                kc.sizes());
    TORCH_CHECK(rows > 0 && offsets[0] == 0 && offsets[rows] == q.size(0), "cached_attention: wrong row offsets");
    for (int64_t row = 0; row < rows; ++row) {
      int64_t count = offsets[row + 1] - offsets[row];
      TORCH_CHECK(count > 0 && slots[row] >= 0 && slots[row] < kc.size(0) && starts[row] >= 0 &&
                      starts[row] + (keep ? count : 0) <= kc.size(2),
                  "cached_attention: row ", row, " does not fit its cache slot");
    }
    auto output = at::empty_like(q);
    auto run = [&](auto function, auto factor) {
      function(q, k, v, kc, vc, output, offsets, slots, starts, rows, keep, factor);
    };
    if (composed_only() || !has_kernel(q))
      run(attend_composed, scale);
    else if (q.scalar_type() == at::kFloat)
      run(attend<float>, static_cast<float>(scale));
    else if (q.size(0) > rows && attention::has_bf16(q.size(2)))
      run(attend_bf16, static_cast<float>(scale));
    else
      run(attend<at::BFloat16>, static_cast<float>(scale));
    return output;
  });
}
