#include "head_loss.hpp"
#include "large_product.hpp"

#include <torch/csrc/autograd/custom_function.h>

namespace ctorch {

namespace {

struct HeadLoss : torch::autograd::Function<HeadLoss> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &hidden,
                            const at::Tensor &weight, c10::intrusive_ptr<LogitLoss> loss, int64_t chunk,
                            bool differentiate) {
    auto h = hidden.contiguous();
    int64_t rows = h.size(0);
    auto losses = at::empty({rows}, h.options().dtype(at::kFloat));
    auto unit_gradient = differentiate ? at::empty_like(h) : at::Tensor();
    for (int64_t begin = 0; begin < rows; begin += chunk) {
      int64_t count = std::min(chunk, rows - begin);
      auto logits = sum_of_products({{{h.narrow(0, begin, count), weight, true}}, h.scalar_type()});
      loss->apply(logits, begin, losses.data_ptr<float>() + begin, differentiate);
      if (differentiate)
        unit_gradient.narrow(0, begin, count).copy_(sum_of_products({{{logits, weight, false}}, h.scalar_type()}));
    }
    context->saved_data["chunk"] = chunk;
    context->saved_data["loss"] = c10::IValue::make_capsule(loss);
    context->save_for_backward({h, weight, unit_gradient});
    return losses;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto &h = saved[0], &weight = saved[1], &unit_gradient = saved[2];
    auto factors = gradients[0].to(at::kFloat);
    at::Tensor hidden_gradient, weight_gradient;
    if (context->needs_input_grad(0)) hidden_gradient = unit_gradient * factors.unsqueeze(1).to(h.scalar_type());
    if (context->needs_input_grad(1)) {
      // The rows' factors are only known now, so the logits are formed once more.
      weight_gradient = at::zeros_like(weight);
      int64_t chunk = context->saved_data["chunk"].toInt();
      auto loss = c10::static_intrusive_pointer_cast<LogitLoss>(context->saved_data["loss"].toCapsule());
      auto losses = at::empty({h.size(0)}, factors.options());
      for (int64_t begin = 0; begin < h.size(0); begin += chunk) {
        int64_t count = std::min(chunk, h.size(0) - begin);
        auto part = h.narrow(0, begin, count);
        auto logits = sum_of_products({{{part, weight, true}}, h.scalar_type()});
        loss->apply(logits, begin, losses.data_ptr<float>() + begin, true);
        auto scaled = part * factors.narrow(0, begin, count).unsqueeze(1).to(h.scalar_type());
        weight_gradient.addmm_(logits.t(), scaled);
      }
    }
    return {hidden_gradient, weight_gradient, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor head_loss(const at::Tensor &hidden, const at::Tensor &weight, c10::intrusive_ptr<LogitLoss> loss,
                     int64_t chunk) {
  bool differentiate = at::GradMode::is_enabled() && hidden.requires_grad();
  return HeadLoss::apply(hidden, weight, std::move(loss), chunk, differentiate);
}

void check_head(const char *operation, const at::Tensor &hidden, const at::Tensor &weight, const at::Tensor &targets,
                int64_t chunk) {
  TORCH_CHECK(hidden.dim() == 2 && weight.dim() == 2 && targets.dim() == 1 && hidden.size(1) == weight.size(1) &&
                  hidden.size(0) == targets.size(0) && targets.scalar_type() == at::kLong && chunk > 0,
              operation, ": expected [n, width], [vocabulary, width], [n] int64, got ", hidden.sizes(), ", ",
              weight.sizes(), ", ", targets.sizes());
  if (targets.numel() == 0) return;
  auto low = targets.min().item<int64_t>(), high = targets.max().item<int64_t>();
  TORCH_CHECK(low >= 0 && high < weight.size(0), operation, ": target ", low < 0 ? low : high,
              " is outside the vocabulary of ", weight.size(0));
}

}  // namespace ctorch
