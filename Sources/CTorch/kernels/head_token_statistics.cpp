// What the output head says of each label token beside its loss: the most likely token, and mean and variance of the
// log-probabilities under the model's own distribution. Logits exist for `chunk` rows at a time; no gradients.
#include "../guard.hpp"
#include "head_loss.hpp"
#include "large_product.hpp"
#include "vector.hpp"

#include "../parallel.hpp"

#include <cmath>

using namespace ctorch;

namespace {

// Places for the three float32 figures of one row.
struct Figures {
  float *loss, *mean, *variance;
};

// The first place of the largest logit; −1 where no logit is a number.
template <typename T>
CTORCH_INLINE int64_t describe_row(const T *logits, int64_t target, int64_t count, float *values, Figures figures) {
  float maximum = maximum_of(logits, count);

  // Σ e and Σ e·x with x = logit − maximum and e = exp(x).
  float sums[16] = {}, weighted[16] = {};
  int64_t index = 0;
  for (; index + 16 <= count; index += 16)
    for (int lane = 0; lane < 16; ++lane) {
      float shifted = load(logits + index + lane) - maximum, value = exponential(shifted);
      values[index + lane] = value;
      sums[lane] += value;
      weighted[lane] += value * shifted;
    }
  float sum = sum_of(sums), first_moment = sum_of(weighted);
  for (; index < count; ++index) {
    float shifted = load(logits + index) - maximum;
    sum += values[index] = exponential(shifted);
    first_moment += values[index] * shifted;
  }
  float mean = first_moment / sum;

  // About the mean: Σ p·x² − mean² would cancel in float32.
  float squares[16] = {};
  for (index = 0; index + 16 <= count; index += 16)
    for (int lane = 0; lane < 16; ++lane) {
      float distance = load(logits + index + lane) - maximum - mean;
      squares[lane] += values[index + lane] * distance * distance;
    }
  float second_moment = sum_of(squares);
  for (; index < count; ++index) {
    float distance = load(logits + index) - maximum - mean;
    second_moment += values[index] * distance * distance;
  }
  float normalizer = std::log(sum);
  *figures.loss = normalizer + maximum - load(logits + target);
  *figures.mean = mean - normalizer;
  *figures.variance = second_moment / sum;
  for (index = 0; index < count; ++index)
    if (load(logits + index) == maximum) return index;
  return -1;
}

CTORCH_CLONES int64_t describe_f32(const float *logits, int64_t target, int64_t count, float *values,
                                   Figures figures) {
  return describe_row(logits, target, count, values, figures);
}
CTORCH_CLONES int64_t describe_bf16(const at::BFloat16 *logits, int64_t target, int64_t count, float *values,
                                    Figures figures) {
  return describe_row(logits, target, count, values, figures);
}

// One chunk of logits: figures [3, rows of the chunk] and predictions [rows of the chunk], both views of the results.
void describe_chunk(const at::Tensor &logits, const at::Tensor &targets, const at::Tensor &figures,
                    const at::Tensor &predictions) {
  int64_t vocabulary = logits.size(1);
  const int64_t *target = targets.const_data_ptr<int64_t>();
  int64_t *prediction = predictions.data_ptr<int64_t>();
  float *loss = figures.data_ptr<float>();
  int64_t stride = figures.stride(0);
  parallel_for(0, logits.size(0), logits.size(1), [&](int64_t begin, int64_t end) {
    thread_local std::vector<float> buffer;
    float *values = scratch(buffer, vocabulary);
    for (int64_t row = begin; row < end; ++row) {
      Figures place{loss + row, loss + stride + row, loss + 2 * stride + row};
      prediction[row] = logits.scalar_type() == at::kFloat
                            ? describe_f32(logits.const_data_ptr<float>() + row * vocabulary, target[row], vocabulary,
                                           values, place)
                            : describe_bf16(logits.const_data_ptr<at::BFloat16>() + row * vocabulary, target[row],
                                            vocabulary, values, place);
    }
  });
}

// The same of ATen's own operations.
void describe_chunk_composed(const at::Tensor &logits, const at::Tensor &targets, const at::Tensor &figures,
                             const at::Tensor &predictions) {
  auto logarithms = at::log_softmax(logits.to(at::kFloat), -1);
  auto probabilities = logarithms.exp();
  auto mean = (probabilities * logarithms).sum(-1);
  figures.select(0, 0).copy_(-logarithms.gather(-1, targets.unsqueeze(1)).squeeze(1));
  figures.select(0, 1).copy_(mean);
  figures.select(0, 2).copy_((probabilities * (logarithms - mean.unsqueeze(1)).square()).sum(-1));
  predictions.copy_(logits.argmax(-1));
}

}  // namespace

bool ctorch_head_token_statistics(ctorch_tensor hidden, ctorch_tensor weight, ctorch_tensor targets, int64_t chunk,
                                  ctorch_tensor *figures, ctorch_tensor *predictions) {
  return done([&] {
    at::NoGradGuard guard;
    const auto &w = weight->value;
    auto h = hidden->value.contiguous(), t = targets->value.contiguous();
    check_head("head_token_statistics", h, w, t, chunk);
    bool fused = !composed_only() && has_kernel(h) && h.scalar_type() == w.scalar_type();
    int64_t rows = h.size(0);
    auto all_figures = at::empty({3, rows}, h.options().dtype(at::kFloat));
    auto all_predictions = at::empty({rows}, h.options().dtype(at::kLong));
    for (int64_t begin = 0; begin < rows; begin += chunk) {
      int64_t count = std::min(chunk, rows - begin);
      auto logits = sum_of_products({{{h.narrow(0, begin, count), w, true}}, h.scalar_type()});
      (fused ? describe_chunk : describe_chunk_composed)(logits, t.narrow(0, begin, count),
                                                         all_figures.narrow(1, begin, count),
                                                         all_predictions.narrow(0, begin, count));
    }
    auto first = std::make_unique<ctorch_tensor_s>(ctorch_tensor_s{all_figures});
    *predictions = new ctorch_tensor_s{all_predictions};
    *figures = first.release();
  });
}
