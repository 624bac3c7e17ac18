// Distance of the output head's distribution p from a fixed one q, fused with the head: q = softmax of reference logits
// after `shift` was taken off the label's. Cross-entropy −Σ q·log p, or less q's own entropy: KL(q‖p).
#include "../guard.hpp"
#include "head_loss.hpp"
#include "large_product.hpp"
#include "vector.hpp"

#include "../parallel.hpp"

#include <cmath>

using namespace ctorch;

namespace {

struct RowBuffers {
  // The reference logits, shifted; exp of both rows about their maxima.
  float *reference, *wanted, *values;
};

// `reference` may be the logits themselves. When asked, leaves p − q in place of the logits.
template <typename T>
CTORCH_INLINE float compare_row(T *logits, const T *reference, int64_t target, float shift, bool less_entropy,
                                int64_t count, bool differentiate, RowBuffers buffers) {
  for (int64_t index = 0; index < count; ++index) buffers.reference[index] = load(reference + index);
  buffers.reference[target] -= shift;
  float reference_maximum = maximum_of(buffers.reference, count);
  float reference_sum = exponentials_of(buffers.reference, count, reference_maximum, buffers.wanted);
  float maximum = maximum_of(logits, count);
  float sum = exponentials_of(logits, count, maximum, buffers.values);
  float weight = 1.0f / reference_sum, scale = 1.0f / sum;
  // Σ q·z and Σ q·t about the maxima; where q is 0 its logit may be −∞ and counts nothing.
  float expected[16] = {}, own[16] = {};
  for (int64_t index = 0; index < count; ++index) {
    float q = buffers.wanted[index] * weight;
    expected[index & 15] += q * (load(logits + index) - maximum);
    own[index & 15] += q > 0 ? q * (buffers.reference[index] - reference_maximum) : 0.0f;
  }
  float product = 0, entropy = std::log(reference_sum);
  for (int lane = 0; lane < 16; ++lane) product += expected[lane], entropy -= own[lane];
  if (differentiate)
    for (int64_t index = 0; index < count; ++index)
      store(logits + index, buffers.values[index] * scale - buffers.wanted[index] * weight);
  return std::log(sum) - product - (less_entropy ? entropy : 0.0f);
}

CTORCH_CLONES float compare_f32(float *logits, const float *reference, int64_t target, float shift, bool less_entropy,
                                int64_t count, bool differentiate, RowBuffers buffers) {
  return compare_row(logits, reference, target, shift, less_entropy, count, differentiate, buffers);
}
CTORCH_CLONES float compare_bf16(at::BFloat16 *logits, const at::BFloat16 *reference, int64_t target, float shift,
                                 bool less_entropy, int64_t count, bool differentiate, RowBuffers buffers) {
  return compare_row(logits, reference, target, shift, less_entropy, count, differentiate, buffers);
}

struct Divergence : LogitLoss {
  // What the reference logits are made of; undefined where they are the model's own.
  at::Tensor reference_hidden, reference_weight;
  at::Tensor targets;
  float shift;
  bool less_entropy;

  void apply(at::Tensor &logits, int64_t begin, float *losses, bool differentiate) const override {
    int64_t rows = logits.size(0), vocabulary = logits.size(1);
    auto reference = reference_hidden.defined()
                         ? sum_of_products({{{reference_hidden.narrow(0, begin, rows), reference_weight, true}},
                                     logits.scalar_type()})
                         : logits;
    const int64_t *target = targets.const_data_ptr<int64_t>() + begin;
    parallel_for(0, rows, vocabulary, [&](int64_t first, int64_t last) {
      thread_local std::vector<float> buffer;
      float *place = scratch(buffer, 3 * vocabulary);
      RowBuffers buffers{place, place + vocabulary, place + 2 * vocabulary};
      for (int64_t row = first; row < last; ++row) {
        int64_t offset = row * vocabulary;
        losses[row] =
            logits.scalar_type() == at::kFloat
                ? compare_f32(logits.data_ptr<float>() + offset, reference.const_data_ptr<float>() + offset,
                              target[row], shift, less_entropy, vocabulary, differentiate, buffers)
                : compare_bf16(logits.data_ptr<at::BFloat16>() + offset,
                               reference.const_data_ptr<at::BFloat16>() + offset, target[row], shift, less_entropy,
                               vocabulary, differentiate, buffers);
      }
    });
  }
};

at::Tensor composed(const at::Tensor &hidden, const at::Tensor &weight, const Divergence &loss) {
  auto logits = at::mm(hidden, weight.t()).to(at::kFloat);
  at::Tensor wanted, wanted_logarithms;
  {
    at::NoGradGuard guard;
    auto reference = loss.reference_hidden.defined()
                         ? at::mm(loss.reference_hidden, loss.reference_weight.t()).to(at::kFloat)
                         : logits.detach().clone();
    auto places = loss.targets.unsqueeze(1);
    reference.scatter_(1, places, reference.gather(1, places) - loss.shift);
    wanted_logarithms = at::log_softmax(reference, -1);
    wanted = wanted_logarithms.exp();
    wanted_logarithms = at::where(wanted > 0, wanted_logarithms, at::zeros_like(wanted));
  }
  auto crossed = -(wanted * at::log_softmax(logits, -1)).sum(-1);
  return loss.less_entropy ? crossed + (wanted * wanted_logarithms).sum(-1) : crossed;
}

}  // namespace

ctorch_tensor ctorch_head_divergence(ctorch_tensor hidden, ctorch_tensor weight, ctorch_tensor reference_hidden,
                                     ctorch_tensor reference_weight, ctorch_tensor targets, double shift,
                                     bool less_entropy, int64_t chunk) {
  return tensor([&] {
    const auto &h = hidden->value, &w = weight->value;
    auto loss = c10::make_intrusive<Divergence>();
    loss->targets = targets->value.contiguous();
    check_head("head_divergence", h, w, loss->targets, chunk);
    if (reference_hidden) {
      loss->reference_hidden = reference_hidden->value.detach().contiguous();
      loss->reference_weight = reference_weight ? reference_weight->value.detach() : w.detach();
      TORCH_CHECK(loss->reference_hidden.sizes() == h.sizes() && loss->reference_weight.sizes() == w.sizes() &&
                      loss->reference_hidden.scalar_type() == h.scalar_type() &&
                      loss->reference_weight.scalar_type() == w.scalar_type(),
                  "head_divergence: expected a reference like ", h.sizes(), " and ", w.sizes(), ", got ",
                  loss->reference_hidden.sizes(), " and ", loss->reference_weight.sizes());
    }
    loss->shift = static_cast<float>(shift);
    loss->less_entropy = less_entropy;
    if (composed_only() || !has_kernel(h) || h.scalar_type() != w.scalar_type()) return composed(h, w, *loss);
    return head_loss(h, w, loss, chunk);
  });
}
