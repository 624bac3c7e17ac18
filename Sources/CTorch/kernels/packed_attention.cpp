// Causal attention over a packed batch: each row's own triangle and nothing else, without padding or a mask.
#include "../guard.hpp"
#include "attention_bf16.hpp"
#include "attention_core.hpp"

#include "../parallel.hpp"
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

using namespace ctorch;
using attention::Head;

namespace {

// Work is one (row, key head) pair; longest rows first, so that threads end together.
struct Plan {
  std::vector<int64_t> offsets;
  std::vector<int64_t> order;
  int64_t longest = 0;

  explicit Plan(std::vector<int64_t> bounds) : offsets(std::move(bounds)) {
    for (int64_t row = 0; row + 1 < static_cast<int64_t>(offsets.size()); ++row) order.push_back(row);
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return length(a) > length(b); });
    if (!order.empty()) longest = length(order[0]);
  }
  // Element operations of one head's score and value products.
  int64_t cost(int64_t size) const {
    int64_t total = 0;
    for (int64_t row : order) total += length(row) * length(row) * size;
    return total;
  }
  int64_t length(int64_t row) const { return offsets[row + 1] - offsets[row]; }
};

// Runs body(row, key head) for every pair; `width` is the size of all query heads together.
template <typename Body>
void for_each_pair(const Plan &plan, int64_t key_heads, int64_t width, const Body &body) {
  parallel_items(static_cast<int64_t>(plan.order.size()) * key_heads, plan.cost(width),
                 [&](int64_t pair) { body(plan.order[pair / key_heads], pair % key_heads); });
}

// Bits of a bfloat16 tensor.
const bf16::Bits *bits(const at::Tensor &tensor) {
  return reinterpret_cast<const bf16::Bits *>(tensor.const_data_ptr<at::BFloat16>());
}
bf16::Bits *writable_bits(at::Tensor &tensor) {
  return reinterpret_cast<bf16::Bits *>(tensor.data_ptr<at::BFloat16>());
}
bool takes_bf16(const at::Tensor &query) {
  return query.scalar_type() == at::kBFloat16 && attention::has_bf16(query.size(2));
}

// Output, and log-sum-exp [heads, tokens] float32.
std::pair<at::Tensor, at::Tensor> forward_bf16(const at::Tensor &query, const at::Tensor &key, const at::Tensor &value,
                                               const Plan &plan, float scale) {
  auto q = query.contiguous(), k = key.contiguous(), v = value.contiguous();
  int64_t tokens = q.size(0), heads = q.size(1), size = q.size(2), key_heads = k.size(1), group = heads / key_heads;
  auto output = at::empty_like(q);
  auto log_sum_exp = at::empty({heads, tokens}, q.options().dtype(at::kFloat));
  const bf16::Bits *qq = bits(q), *kk = bits(k), *vv = bits(v);
  bf16::Bits *oo = writable_bits(output);
  float *ll = log_sum_exp.data_ptr<float>();
  for_each_pair(plan, key_heads, heads * size, [&](int64_t row, int64_t key_head) {
    thread_local attention::KeysAndValues seen;
    int64_t first = plan.offsets[row], at_key = (first * key_heads + key_head) * size;
    attention::Vectors keys{kk + at_key, key_heads * size}, values{vv + at_key, key_heads * size};
    seen.pack(keys, values, 0, keys, values, plan.length(row), size);
    for (int64_t head = key_head * group; head < (key_head + 1) * group; ++head) {
      int64_t at_query = (first * heads + head) * size;
      attention::forward({qq + at_query, heads * size}, seen, oo + at_query, heads * size, ll + head * tokens + first,
                         plan.length(row), 0, scale);
    }
  });
  return {output, log_sum_exp};
}

// Gradients of query, key and value.
torch::autograd::variable_list backward_bf16(const torch::autograd::variable_list &saved, const at::Tensor &gradient,
                                             const Plan &plan, float scale) {
  auto q = saved[0].contiguous(), k = saved[1].contiguous(), v = saved[2].contiguous(), out = saved[3].contiguous();
  auto out_gradient = gradient.contiguous();
  int64_t tokens = q.size(0), heads = q.size(1), size = q.size(2), key_heads = k.size(1), group = heads / key_heads;
  auto query_gradient = at::empty_like(q), key_gradient = at::empty_like(k), value_gradient = at::empty_like(v);
  const bf16::Bits *qq = bits(q), *kk = bits(k), *vv = bits(v), *oo = bits(out), *gg = bits(out_gradient);
  bf16::Bits *dq = writable_bits(query_gradient), *dk = writable_bits(key_gradient), *dv = writable_bits(value_gradient);
  const float *ll = saved[4].const_data_ptr<float>();
  for_each_pair(plan, key_heads, heads * size, [&](int64_t row, int64_t key_head) {
    thread_local attention::KeysAndValues seen;
    thread_local std::vector<float> key_sums, value_sums;
    int64_t length = plan.length(row), first = plan.offsets[row], wide = heads * size, narrow = key_heads * size;
    int64_t at_key = (first * key_heads + key_head) * size;
    attention::Vectors keys{kk + at_key, narrow}, values{vv + at_key, narrow};
    seen.pack(keys, values, 0, keys, values, length, size);
    seen.pack_for_backward(keys, values);
    key_sums.assign(static_cast<size_t>(length * size), 0);
    value_sums.assign(static_cast<size_t>(length * size), 0);
    for (int64_t head = key_head * group; head < (key_head + 1) * group; ++head) {
      int64_t at_query = (first * heads + head) * size;
      attention::backward({qq + at_query, wide}, seen, {oo + at_query, wide}, {gg + at_query, wide},
                          ll + head * tokens + first, dq + at_query, wide, key_sums.data(), value_sums.data(), scale);
    }
    for (int64_t token = 0; token < length; ++token) {
      bf16::narrow(dk + at_key + token * narrow, key_sums.data() + token * size, size, scale);
      bf16::narrow(dv + at_key + token * narrow, value_sums.data() + token * size, size, 1);
    }
  });
  return {query_gradient, key_gradient, value_gradient, at::Tensor(), at::Tensor()};
}

struct PackedAttention : torch::autograd::Function<PackedAttention> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &query, const at::Tensor &key,
                            const at::Tensor &value, std::vector<int64_t> offsets, double scale) {
    context->saved_data["offsets"] = offsets;
    context->saved_data["scale"] = scale;
    if (takes_bf16(query)) {
      auto [result, total] = forward_bf16(query, key, value, Plan(offsets), static_cast<float>(scale));
      context->save_for_backward({query, key, value, result, total});
      return result;
    }
    auto type = query.scalar_type();
    auto q = query.to(at::kFloat).contiguous(), k = key.to(at::kFloat).contiguous();
    auto v = value.to(at::kFloat).contiguous();
    int64_t heads = q.size(1), size = q.size(2), key_heads = k.size(1), group = heads / key_heads;
    auto output = at::empty_like(q);
    auto log_sum_exp = at::empty({heads, q.size(0)}, q.options());
    Plan plan(offsets);
    const float *qq = q.const_data_ptr<float>(), *kk = k.const_data_ptr<float>(), *vv = v.const_data_ptr<float>();
    float *oo = output.data_ptr<float>(), *ll = log_sum_exp.data_ptr<float>();
    for_each_pair(plan, key_heads, heads * size, [&](int64_t row, int64_t key_head) {
      thread_local std::vector<float> buffer;
      float *scores = scratch(buffer, attention::query_block * plan.longest);
      int64_t first = plan.offsets[row];
      int64_t at_key = (first * key_heads + key_head) * size;
      for (int64_t head = key_head * group; head < (key_head + 1) * group; ++head) {
        int64_t at_query = (first * heads + head) * size;
        attention::forward({qq + at_query, heads * size}, {kk + at_key, key_heads * size},
                           {vv + at_key, key_heads * size}, oo + at_query, heads * size,
                           ll + head * q.size(0) + first, plan.length(row), 0, size, static_cast<float>(scale), scores);
      }
    });
    auto result = output.to(type);
    context->save_for_backward({query, key, value, result, log_sum_exp});
    return result;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    auto saved = context->get_saved_variables();
    Plan plan(context->saved_data["offsets"].toIntVector());
    auto scale = static_cast<float>(context->saved_data["scale"].toDouble());
    if (takes_bf16(saved[0])) return backward_bf16(saved, gradients[0], plan, scale);
    auto type = saved[0].scalar_type();
    at::Tensor inputs[5];
    for (int index = 0; index < 4; ++index) inputs[index] = saved[index].to(at::kFloat).contiguous();
    inputs[4] = gradients[0].to(at::kFloat).contiguous();
    auto &log_sum_exp = saved[4];
    int64_t tokens = inputs[0].size(0), heads = inputs[0].size(1), size = inputs[0].size(2);
    int64_t key_heads = inputs[1].size(1), group = heads / key_heads;
    auto query_gradient = at::empty_like(inputs[0]);
    auto key_gradient = at::zeros_like(inputs[1]), value_gradient = at::zeros_like(inputs[2]);
    const float *pointers[5];
    for (int index = 0; index < 5; ++index) pointers[index] = inputs[index].const_data_ptr<float>();
    const float *ll = log_sum_exp.const_data_ptr<float>();
    float *dq = query_gradient.data_ptr<float>(), *dk = key_gradient.data_ptr<float>();
    float *dv = value_gradient.data_ptr<float>();
    for_each_pair(plan, key_heads, heads * size, [&](int64_t row, int64_t key_head) {
      thread_local std::vector<float> buffer;
      float *scores = scratch(buffer, 2 * attention::query_block * plan.longest);
      int64_t first = plan.offsets[row];
      int64_t at_key = (first * key_heads + key_head) * size;
      for (int64_t head = key_head * group; head < (key_head + 1) * group; ++head) {
        int64_t at_query = (first * heads + head) * size, wide = heads * size, narrow = key_heads * size;
        attention::backward({pointers[0] + at_query, wide}, {pointers[1] + at_key, narrow},
                            {pointers[2] + at_key, narrow}, {pointers[3] + at_query, wide},
                            {pointers[4] + at_query, wide}, ll + head * tokens + first, dq + at_query, wide,
                            dk + at_key, narrow, dv + at_key, narrow, plan.length(row), size, scale, scores);
      }
    });
    return {query_gradient.to(type), key_gradient.to(type), value_gradient.to(type), at::Tensor(), at::Tensor()};
  }
};

at::Tensor composed(const at::Tensor &query, const at::Tensor &key, const at::Tensor &value,
                    const std::vector<int64_t> &offsets, double scale) {
  std::vector<at::Tensor> rows;
  int64_t group = query.size(1) / key.size(1);
  for (size_t row = 0; row + 1 < offsets.size(); ++row) {
    int64_t length = offsets[row + 1] - offsets[row];
    auto part = [&](const at::Tensor &tensor) { return tensor.narrow(0, offsets[row], length).transpose(0, 1); };
    auto q = part(query), k = part(key).repeat_interleave(group, 0), v = part(value).repeat_interleave(group, 0);
    auto mask = at::ones({length, length}, q.options().dtype(at::kBool)).triu(1);
    auto scores = (at::matmul(q, k.transpose(1, 2)) * scale).masked_fill(mask, -INFINITY);
    auto weights = at::softmax(scores, -1, at::kFloat).to(q.scalar_type());
    rows.push_back(at::matmul(weights, v).transpose(0, 1));
  }
  return at::cat(rows, 0);
}

}  // namespace

ctorch_tensor ctorch_packed_attention(ctorch_tensor query, ctorch_tensor key, ctorch_tensor value,
                                      const int64_t *offsets, int64_t rows, double scale) {
  return tensor([&] {
    const auto &q = query->value, &k = key->value, &v = value->value;
    TORCH_CHECK(q.dim() == 3 && k.dim() == 3 && k.sizes() == v.sizes() && q.size(0) == k.size(0) &&
                    q.size(2) == k.size(2) && k.size(1) > 0 && q.size(1) % k.size(1) == 0,
                "packed_attention: expected [tokens, heads, size] with heads a multiple of the key heads, got ",
                q.sizes(), ", ", k.sizes(), ", ", v.sizes());
    std::vector<int64_t> bounds(offsets, offsets + rows + 1);
    TORCH_CHECK(rows > 0 && bounds.front() == 0 && bounds.back() == q.size(0) &&
                    std::adjacent_find(bounds.begin(), bounds.end(), std::greater_equal<>()) == bounds.end(),
                "packed_attention: row offsets must rise from 0 to the number of tokens");
    if (composed_only() || !has_kernel(q)) return composed(q, k, v, bounds, scale);
    return PackedAttention::apply(q, k, v, bounds, scale);
  });
}
