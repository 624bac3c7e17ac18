// RMSNorm (Zhang and Sennrich 2019): x / √(mean(x²) + ε) · weight, in float32 inside, as transformers' LlamaRMSNorm rounds.
#include "../guard.hpp"
#include "vector.hpp"

#include "../parallel.hpp"
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

using namespace ctorch;

namespace {

template <typename T>
CTORCH_INLINE void forward_rows(const T *input, const T *weight, T *output, float *inverse, int64_t rows, int64_t width,
                                float epsilon) {
  for (int64_t row = 0; row < rows; ++row, input += width, output += width) {
    float lanes[16] = {};
    int64_t index = 0;
    for (; index + 16 <= width; index += 16)
      for (int lane = 0; lane < 16; ++lane) lanes[lane] += load(input + index + lane) * load(input + index + lane);
    float total = sum_of(lanes);
    for (; index < width; ++index) total += load(input + index) * load(input + index);
    float scale = 1.0f / std::sqrt(total / static_cast<float>(width) + epsilon);
    inverse[row] = scale;
    for (index = 0; index < width; ++index)
      store(output + index, load(weight + index) * round_to(output, load(input + index) * scale));
  }
}

// dx = r·(g·w − x̂·mean(g·w·x̂)), x̂ = x·r.
template <typename T>
CTORCH_INLINE void backward_rows(const T *input, const T *weight, const T *gradient, const float *inverse, T *result,
                                 int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; ++row, input += width, gradient += width, result += width) {
    float lanes[16] = {};
    int64_t index = 0;
    for (; index + 16 <= width; index += 16)
      for (int lane = 0; lane < 16; ++lane) {
        int64_t at = index + lane;
        lanes[lane] += load(gradient + at) * load(weight + at) * load(input + at);
      }
    float total = sum_of(lanes);
    for (; index < width; ++index) total += load(gradient + index) * load(weight + index) * load(input + index);
    float scale = inverse[row];
    float mean = total * scale * scale / static_cast<float>(width);
    for (index = 0; index < width; ++index)
      store(result + index, scale * (load(gradient + index) * load(weight + index) - load(input + index) * mean));
  }
}

CTORCH_CLONES void forward_f32(const float *x, const float *w, float *y, float *r, int64_t n, int64_t width, float e) {
  forward_rows(x, w, y, r, n, width, e);
}
CTORCH_CLONES void forward_bf16(const at::BFloat16 *x, const at::BFloat16 *w, at::BFloat16 *y, float *r, int64_t n,
                                int64_t width, float e) {
  forward_rows(x, w, y, r, n, width, e);
}
CTORCH_CLONES void backward_f32(const float *x, const float *w, const float *g, const float *r, float *d, int64_t n,
                                int64_t width) {
  backward_rows(x, w, g, r, d, n, width);
}
CTORCH_CLONES void backward_bf16(const at::BFloat16 *x, const at::BFloat16 *w, const at::BFloat16 *g, const float *r,
                                 at::BFloat16 *d, int64_t n, int64_t width) {
  backward_rows(x, w, g, r, d, n, width);
}

struct RMSNorm : torch::autograd::Function<RMSNorm> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &input,
                            const at::Tensor &weight, double epsilon) {
    auto x = input.contiguous();
    auto w = weight.contiguous();
    int64_t width = x.size(-1), rows = x.numel() / std::max<int64_t>(width, 1);
    auto output = at::empty_like(x);
    auto inverse = at::empty({rows}, x.options().dtype(at::kFloat));
    float *r = inverse.data_ptr<float>();
    parallel_for(0, rows, width, [&](int64_t begin, int64_t end) {
      int64_t at = begin * width;
      if (x.scalar_type() == at::kFloat)
        forward_f32(x.const_data_ptr<float>() + at, w.const_data_ptr<float>(), output.data_ptr<float>() + at, r + begin,
                    end - begin, width, static_cast<float>(epsilon));
      else
        forward_bf16(x.const_data_ptr<at::BFloat16>() + at, w.const_data_ptr<at::BFloat16>(),
                     output.data_ptr<at::BFloat16>() + at, r + begin, end - begin, width, static_cast<float>(epsilon));
    });
    context->save_for_backward({x, w, inverse});
    return output;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto &x = saved[0], &w = saved[1], &inverse = saved[2];
    auto gradient = gradients[0].contiguous();
    int64_t width = x.size(-1), rows = inverse.numel();
    at::Tensor result, weight_gradient;
    if (context->needs_input_grad(0)) {
      result = at::empty_like(x);
      const float *r = inverse.const_data_ptr<float>();
      parallel_for(0, rows, width, [&](int64_t begin, int64_t end) {
        int64_t at = begin * width;
        if (x.scalar_type() == at::kFloat)
          backward_f32(x.const_data_ptr<float>() + at, w.const_data_ptr<float>(),
                       gradient.const_data_ptr<float>() + at, r + begin, result.data_ptr<float>() + at, end - begin,
                       width);
        else
          backward_bf16(x.const_data_ptr<at::BFloat16>() + at, w.const_data_ptr<at::BFloat16>(),
                        gradient.const_data_ptr<at::BFloat16>() + at, r + begin, result.data_ptr<at::BFloat16>() + at,
                        end - begin, width);
      });
    }
    if (context->needs_input_grad(1)) {
      auto normal = x.reshape({rows, width}).to(at::kFloat) * inverse.unsqueeze(1);
      weight_gradient = (gradient.reshape({rows, width}).to(at::kFloat) * normal).sum(0).to(w.scalar_type());
    }
    return {result, weight_gradient, at::Tensor()};
  }
};

at::Tensor composed(const at::Tensor &input, const at::Tensor &weight, double epsilon) {
  auto x = input.to(at::kFloat);
  auto normal = x * at::rsqrt((x * x).mean(-1, true) + epsilon);
  return weight * normal.to(input.scalar_type());
}

}  // namespace

ctorch_tensor ctorch_rms_norm(ctorch_tensor input, ctorch_tensor weight, double epsilon) {
  return tensor([&] {
    const auto &x = input->value, &w = weight->value;
    TORCH_CHECK(w.dim() == 1 && x.dim() >= 1 && x.size(-1) == w.size(0), "rms_norm: expected a weight of width ",
                x.dim() ? x.size(-1) : 0, ", got shape ", w.sizes());
    if (composed_only() || !has_kernel(x) || w.scalar_type() != x.scalar_type()) return composed(x, w, epsilon);
    return RMSNorm::apply(x, w, epsilon);
  });
}
