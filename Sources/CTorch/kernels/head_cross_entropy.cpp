// Cross-entropy fused with the output head.
#include "../guard.hpp"
#include "head_loss.hpp"
#include "vector.hpp"

#include "../parallel.hpp"

#include <cmath>

using namespace ctorch;

namespace {

// Gives −log softmax(logits)[target] and, when asked, leaves softmax − onehot in place of the logits.
template <typename T>
CTORCH_INLINE float score_row(T *logits, int64_t target, int64_t count, bool differentiate, float *values) {
  float maximum = maximum_of(logits, count);
  float target_logit = load(logits + target);
  float sum = exponentials_of(logits, count, maximum, values);
  if (differentiate) {
    float scale = 1.0f / sum;
    for (int64_t index = 0; index < count; ++index) store(logits + index, values[index] * scale);
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

struct CrossEntropy : LogitLoss {
  at::Tensor targets;

  explicit CrossEntropy(at::Tensor targets) : targets(std::move(targets)) {}

  // A NaN or infinite logit gives a NaN loss, never a wrong number.
  void apply(at::Tensor &logits, int64_t begin, float *losses, bool differentiate) const override {
    int64_t vocabulary = logits.size(1);
    const int64_t *target = targets.const_data_ptr<int64_t>() + begin;
    parallel_for(0, logits.size(0), vocabulary, [&](int64_t first, int64_t last) {
      thread_local std::vector<float> buffer;
      float *values = scratch(buffer, vocabulary);
      for (int64_t row = first; row < last; ++row)
        losses[row] = logits.scalar_type() == at::kFloat
                          ? score_f32(logits.data_ptr<float>() + row * vocabulary, target[row], vocabulary,
                                      differentiate, values)
                          : score_bf16(logits.data_ptr<at::BFloat16>() + row * vocabulary, target[row], vocabulary,
                                       differentiate, values);
    });
  }
};

}  // namespace

ctorch_tensor ctorch_head_cross_entropy(ctorch_tensor hidden, ctorch_tensor weight, ctorch_tensor targets,
                                        int64_t chunk) {
  return tensor([&] {
    const auto &h = hidden->value, &w = weight->value, &t = targets->value;
    check_head("head_cross_entropy", h, w, t, chunk);
    if (composed_only() || !has_kernel(h) || h.scalar_type() != w.scalar_type())
      return at::cross_entropy_loss(at::mm(h, w.t()).to(at::kFloat), t, {}, at::Reduction::None);
    return head_loss(h, w, c10::make_intrusive<CrossEntropy>(t.contiguous()), chunk);
  });
}
