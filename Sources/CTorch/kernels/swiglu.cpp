// SwiGLU (Shazeer 2020): silu(gate) · up.
#include "../guard.hpp"
#include "vector.hpp"

#include "../parallel.hpp"
#include <torch/csrc/autograd/custom_function.h>

using namespace ctorch;

namespace {

template <typename T>
CTORCH_INLINE void forward_span(const T *gate, const T *up, T *output, int64_t count) {
  for (int64_t index = 0; index < count; ++index) {
    float g = load(gate + index);
    store(output + index, round_to(output, g * sigmoid(g)) * load(up + index));
  }
}

template <typename T>
CTORCH_INLINE void backward_span(const T *gate, const T *up, const T *gradient, T *gate_gradient, T *up_gradient,
                                 int64_t count) {
  for (int64_t index = 0; index < count; ++index) {
    float g = load(gate + index), s = sigmoid(g), d = load(gradient + index);
    store(up_gradient + index, d * g * s);
    store(gate_gradient + index, d * load(up + index) * s * (1.0f + g * (1.0f - s)));
  }
}

CTORCH_CLONES void forward_f32(const float *g, const float *u, float *y, int64_t n) { forward_span(g, u, y, n); }
CTORCH_CLONES void forward_bf16(const at::BFloat16 *g, const at::BFloat16 *u, at::BFloat16 *y, int64_t n) {
  forward_span(g, u, y, n);
}
CTORCH_CLONES void backward_f32(const float *g, const float *u, const float *d, float *dg, float *du, int64_t n) {
  backward_span(g, u, d, dg, du, n);
}
CTORCH_CLONES void backward_bf16(const at::BFloat16 *g, const at::BFloat16 *u, const at::BFloat16 *d, at::BFloat16 *dg,
                                 at::BFloat16 *du, int64_t n) {
  backward_span(g, u, d, dg, du, n);
}

constexpr int64_t cost = 4;

struct SwiGLU : torch::autograd::Function<SwiGLU> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &gate, const at::Tensor &up) {
    auto g = gate.contiguous(), u = up.contiguous();
    auto output = at::empty_like(g);
    parallel_for(0, g.numel(), cost, [&](int64_t begin, int64_t end) {
      if (g.scalar_type() == at::kFloat)
        forward_f32(g.const_data_ptr<float>() + begin, u.const_data_ptr<float>() + begin,
                    output.data_ptr<float>() + begin, end - begin);
      else
        forward_bf16(g.const_data_ptr<at::BFloat16>() + begin, u.const_data_ptr<at::BFloat16>() + begin,
                     output.data_ptr<at::BFloat16>() + begin, end - begin);
    });
    context->save_for_backward({g, u});
    return output;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto &g = saved[0], &u = saved[1];
    auto d = gradients[0].contiguous();
    auto gate_gradient = at::empty_like(g), up_gradient = at::empty_like(u);
    parallel_for(0, g.numel(), cost, [&](int64_t begin, int64_t end) {
      if (g.scalar_type() == at::kFloat)
        backward_f32(g.const_data_ptr<float>() + begin, u.const_data_ptr<float>() + begin,
                     d.const_data_ptr<float>() + begin, gate_gradient.data_ptr<float>() + begin,
                     up_gradient.data_ptr<float>() + begin, end - begin);
      else
        backward_bf16(g.const_data_ptr<at::BFloat16>() + begin, u.const_data_ptr<at::BFloat16>() + begin,
                      d.const_data_ptr<at::BFloat16>() + begin, gate_gradient.data_ptr<at::BFloat16>() + begin,
                      up_gradient.data_ptr<at::BFloat16>() + begin, end - begin);
    });
    return {gate_gradient, up_gradient};
  }
};

}  // namespace

ctorch_tensor ctorch_swiglu(ctorch_tensor gate, ctorch_tensor up) {
  return tensor([&] {
    const auto &g = gate->value, &u = up->value;
    TORCH_CHECK(g.sizes() == u.sizes() && g.scalar_type() == u.scalar_type(), "swiglu: expected equal shapes, got ",
                g.sizes(), " and ", u.sizes());
    if (composed_only() || !has_kernel(g)) return at::silu(g) * u;
    return SwiGLU::apply(g, u);
  });
}
