// A linear layer, x·Wᵀ + b, whose weight may be trained: the gradients are products of the same kernel.
#include "../guard.hpp"
#include "few_rows.hpp"
#include "large_product.hpp"
#include "vector.hpp"

#include <torch/csrc/autograd/custom_function.h>

using namespace ctorch;

namespace {

// An empty bias is none.
struct Linear : torch::autograd::Function<Linear> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &input,
                            const at::Tensor &weight, const at::Tensor &bias) {
    auto x = input.contiguous();
    context->save_for_backward({x, weight});
    SumOfProducts sum{{{x, weight, true}}, x.scalar_type()};
    if (bias.numel() > 0) sum.products.push_back(bias_term(bias, x.size(0)));
    return sum_of_products(sum);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto &x = saved[0], &weight = saved[1];
    auto gradient = gradients[0].contiguous();
    auto type = x.scalar_type();
    torch::autograd::variable_list result(3);
    if (context->needs_input_grad(0)) result[0] = sum_of_products({{{gradient, weight, false}}, type});
    if (context->needs_input_grad(1)) result[1] = sum_of_products({{{transposed_left(gradient), x, false}}, type});
    if (context->needs_input_grad(2)) result[2] = gradient.sum(0);
    return result;
  }
};

// Rows of bfloat16 on the CPU; LibTorch's own product is as good for the rest.
bool is_ours(const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias) {
  auto is_bf16 = [](const at::Tensor &tensor) { return tensor.scalar_type() == at::kBFloat16; };
  bool fits = x.dim() == 2 && weight.dim() == 2 && x.size(1) == weight.size(1) && bias.dim() == 1 &&
              (bias.size(0) == 0 || bias.size(0) == weight.size(0));
  return !composed_only() && x.device().is_cpu() && fits && is_bf16(x) && is_bf16(weight) && is_bf16(bias);
}

}  // namespace

ctorch_tensor ctorch_linear(ctorch_tensor input, ctorch_tensor weight, ctorch_tensor bias) {
  return tensor([&] {
    const auto &x = input->value, &w = weight->value;
    auto b = bias ? bias->value : at::empty({0}, x.options().requires_grad(false));
    if (!bias && is_few_rows(x, w)) return few_rows_linear(x, w);
    if (!is_ours(x, w, b)) return at::linear(x, w, bias ? std::make_optional(b) : std::nullopt);
    return Linear::apply(x, w, b);
  });
}
