// Cross-entropy fused with the output head, after the idea of Liger Kernel's fused linear cross-entropy: logits exist for
// `chunk` rows at a time. Row n's gradient with respect to its hidden state is (softmax − onehot) · weight times the
// gradient of its own loss, so the factor-free part is formed in the forward pass, where the logits are at hand.
#include "../guard.hpp"
#include "vector.hpp"

#include "../parallel.hpp"
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

using namespace ctorch;

namespace {

// Gives −log softmax(logits)[target] and, when asked, leaves softmax − onehot in place of the logits.
template <typename T>
CTORCH_INLINE float score_row(T *logits, int64_t target, int64_t count, bool differentiate, float *values) {
  float lanes[16];
  for (float &lane : lanes) lane = -INFINITY;
  int64_t index = 0;
  for (; index + 16 <= count; index += 16)
    for (int lane = 0; lane < 16; ++lane) {
      float value = load(logits + index + lane);
      lanes[lane] = value > lanes[lane] ? value : lanes[lane];
    }
  float maximum = -INFINITY;
  for (float lane : lanes) maximum = lane > maximum ? lane : maximum;
  for (; index < count; ++index) maximum = load(logits + index) > maximum ? load(logits + index) : maximum;
  float target_logit = load(logits + target);
  float sums[16] = {};
  for (index = 0; index + 16 <= count; index += 16)
    for (int lane = 0; lane < 16; ++lane) {
      float value = exponential(load(logits + index + lane) - maximum);
      values[index + lane] = value;
      sums[lane] += value;
    }
  float sum = 0;
  for (float lane : sums) sum += lane;
  for (; index < count; ++index) sum += values[index] = exponential(load(logits + index) - maximum);
  if (differentiate) {
    float scale = 1.0f / sum;
    for (index = 0; index < count; ++index) store(logits + index, values[index] * scale);
    store(logits + target, values[target] * scale - 1.0f);
  }
  return std::log(sum) + maximum - target_logit;
}

CTORCH_CLONES float score_f32(float *logits, int64_t target, int64_t count, bool differentiate, float *values) {
  return score_row(logits, target, count, differentiate, values);
}
CTORCH_CLONES float score_bf16(at::BFloat16 *logits, int64_t target, int64_t count, bool differentiate, float *values) {
  return score_row(logits, target, count, differentiate, values);
}

// Scores the rows of one chunk of logits; a NaN or infinite logit gives a NaN loss, never a wrong number.
void score_chunk(at::Tensor &logits, const int64_t *targets, float *losses, bool differentiate) {
  int64_t vocabulary = logits.size(1);
  parallel_for(0, logits.size(0), vocabulary, [&](int64_t begin, int64_t end) {
    thread_local std::vector<float> buffer;
    float *values = scratch(buffer, vocabulary);
    for (int64_t row = begin; row < end; ++row)
      losses[row] = logits.scalar_type() == at::kFloat
                        ? score_f32(logits.data_ptr<float>() + row * vocabulary, targets[row], vocabulary,
                                    differentiate, values)
                        : score_bf16(logits.data_ptr<at::BFloat16>() + row * vocabulary, targets[row], vocabulary,
                                     differentiate, values);
  });
}

struct HeadCrossEntropy : torch::autograd::Function<HeadCrossEntropy> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &hidden,
                            const at::Tensor &weight, const at::Tensor &targets, int64_t chunk, bool differentiate) {
    auto h = hidden.contiguous();
    int64_t rows = h.size(0);
    auto losses = at::empty({rows}, h.options().dtype(at::kFloat));
    auto unit_gradient = differentiate ? at::empty_like(h) : at::Tensor();
    auto transposed = weight.t();
    for (int64_t begin = 0; begin < rows; begin += chunk) {
      int64_t count = std::min(chunk, rows - begin);
      auto logits = at::mm(h.narrow(0, begin, count), transposed);
      score_chunk(logits, targets.const_data_ptr<int64_t>() + begin, losses.data_ptr<float>() + begin, differentiate);
      if (differentiate) {
        auto destination = unit_gradient.narrow(0, begin, count);
        at::mm_out(destination, logits, weight);
      }
    }
    context->saved_data["chunk"] = chunk;
    context->save_for_backward({h, weight, targets, unit_gradient});
    return losses;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto &h = saved[0], &weight = saved[1], &targets = saved[2], &unit_gradient = saved[3];
    auto factors = gradients[0].to(at::kFloat);
    at::Tensor hidden_gradient, weight_gradient;
    if (context->needs_input_grad(0)) hidden_gradient = unit_gradient * factors.unsqueeze(1).to(h.scalar_type());
    if (context->needs_input_grad(1)) {
      // The rows' factors are only known now, so the logits are formed once more.
      weight_gradient = at::zeros_like(weight);
      int64_t chunk = context->saved_data["chunk"].toInt();
      auto losses = at::empty({h.size(0)}, factors.options());
      for (int64_t begin = 0; begin < h.size(0); begin += chunk) {
        int64_t count = std::min(chunk, h.size(0) - begin);
        auto part = h.narrow(0, begin, count);
        auto logits = at::mm(part, weight.t());
        score_chunk(logits, targets.const_data_ptr<int64_t>() + begin, losses.data_ptr<float>() + begin, true);
        auto scaled = part * factors.narrow(0, begin, count).unsqueeze(1).to(h.scalar_type());
        weight_gradient.addmm_(logits.t(), scaled);
      }
    }
    return {hidden_gradient, weight_gradient, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

ctorch_tensor ctorch_head_cross_entropy(ctorch_tensor hidden, ctorch_tensor weight, ctorch_tensor targets,
                                        int64_t chunk) {
  return tensor([&] {
    const auto &h = hidden->value, &w = weight->value, &t = targets->value;
    TORCH_CHECK(h.dim() == 2 && w.dim() == 2 && t.dim() == 1 && h.size(1) == w.size(1) && h.size(0) == t.size(0) &&
                    t.scalar_type() == at::kLong && chunk > 0,
                "head_cross_entropy: expected [n, width], [vocabulary, width], [n] int64, got ", h.sizes(), ", ",
                w.sizes(), ", ", t.sizes());
    if (t.numel() > 0) {
      auto low = t.min().item<int64_t>(), high = t.max().item<int64_t>();
      TORCH_CHECK(low >= 0 && high < w.size(0), "head_cross_entropy: target ", low < 0 ? low : high,
                  " is outside the vocabulary of ", w.size(0));
    }
    if (composed_only() || !has_kernel(h) || h.scalar_type() != w.scalar_type())
      return at::cross_entropy_loss(at::mm(h, w.t()).to(at::kFloat), t, {}, at::Reduction::None);
    bool differentiate = at::GradMode::is_enabled() && h.requires_grad();
    return HeadCrossEntropy::apply(h, w, t.contiguous(), chunk, differentiate);
  });
}
