// Rotary position embedding (Su et al. 2021) in the half-split form of GPT-NeoX and transformers.
#include "../guard.hpp"
#include "vector.hpp"

#include "../parallel.hpp"
#include <torch/csrc/autograd/custom_function.h>

using namespace ctorch;

namespace {

// direction −1 rotates back, which is the gradient.
template <typename T>
CTORCH_INLINE void rotate_tokens(const T *input, const float *cosine, const float *sine, T *output, int64_t tokens,
                                 int64_t heads, int64_t size, int64_t half, float direction) {
  for (int64_t token = 0; token < tokens; ++token, cosine += half, sine += half)
    for (int64_t head = 0; head < heads; ++head, input += size, output += size) {
      for (int64_t index = 0; index < half; ++index) {
        float first = load(input + index), second = load(input + half + index);
        float c = cosine[index], s = sine[index] * direction;
        store(output + index, first * c - second * s);
        store(output + half + index, second * c + first * s);
      }
      for (int64_t index = 2 * half; index < size; ++index) output[index] = input[index];
    }
}

CTORCH_CLONES void rotate_f32(const float *x, const float *c, const float *s, float *y, int64_t tokens, int64_t heads,
                              int64_t size, int64_t half, float direction) {
  rotate_tokens(x, c, s, y, tokens, heads, size, half, direction);
}
CTORCH_CLONES void rotate_bf16(const at::BFloat16 *x, const float *c, const float *s, at::BFloat16 *y, int64_t tokens,
                               int64_t heads, int64_t size, int64_t half, float direction) {
  rotate_tokens(x, c, s, y, tokens, heads, size, half, direction);
}

at::Tensor rotate(const at::Tensor &input, const at::Tensor &cosine, const at::Tensor &sine, float direction) {
  auto x = input.contiguous();
  auto output = at::empty_like(x);
  int64_t heads = x.size(1), size = x.size(2), half = cosine.size(1), stride = heads * size;
  const float *c = cosine.const_data_ptr<float>(), *s = sine.const_data_ptr<float>();
  parallel_for(0, x.size(0), x.size(1) * x.size(2), [&](int64_t begin, int64_t end) {
    if (x.scalar_type() == at::kFloat)
      rotate_f32(x.const_data_ptr<float>() + begin * stride, c + begin * half, s + begin * half,
                 output.data_ptr<float>() + begin * stride, end - begin, heads, size, half, direction);
    else
      rotate_bf16(x.const_data_ptr<at::BFloat16>() + begin * stride, c + begin * half, s + begin * half,
                  output.data_ptr<at::BFloat16>() + begin * stride, end - begin, heads, size, half, direction);
  });
  return output;
}

struct Rotary : torch::autograd::Function<Rotary> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &input,
                            const at::Tensor &cosine, const at::Tensor &sine) {
    context->save_for_backward({cosine, sine});
    return rotate(input, cosine, sine, 1);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    auto saved = context->get_saved_variables();
    return {rotate(gradients[0], saved[0], saved[1], -1), at::Tensor(), at::Tensor()};
  }
};

at::Tensor composed(const at::Tensor &input, const at::Tensor &cosine, const at::Tensor &sine) {
  int64_t half = cosine.size(1);
  auto x = input.to(at::kFloat);
  auto first = x.narrow(2, 0, half), second = x.narrow(2, half, half);
  auto c = cosine.unsqueeze(1), s = sine.unsqueeze(1);
  auto rest = x.narrow(2, 2 * half, x.size(2) - 2 * half);
  return at::cat({first * c - second * s, second * c + first * s, rest}, 2).to(input.scalar_type());
}

}  // namespace

ctorch_tensor ctorch_rotary(ctorch_tensor input, ctorch_tensor cosine, ctorch_tensor sine) {
  return tensor([&] {
    const auto &x = input->value, &c = cosine->value, &s = sine->value;
    TORCH_CHECK(x.dim() == 3 && c.dim() == 2 && c.sizes() == s.sizes() && c.size(0) == x.size(0) &&
                    2 * c.size(1) <= x.size(2),
                "rotary: expected [tokens, heads, size] and [tokens, ≤ size / 2], got ", x.sizes(), ", ", c.sizes(),
                " and ", s.sizes());
    if (composed_only() || !has_kernel(x) || !on_cpu(at::kFloat, c, s)) return composed(x, c, s);
    return Rotary::apply(x, c, s);
  });
}
