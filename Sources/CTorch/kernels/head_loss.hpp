// Losses of the output head, one a row, in which the logits [rows, vocabulary] exist only `chunk` rows at a time; after
// the idea of Liger Kernel's fused linear cross-entropy.
//
// A row's gradient with respect to its hidden state is (∂loss/∂logits) · weight times the gradient of its own loss, so
// the factor-free part is formed in the forward pass, where the logits are at hand.
#pragma once

#include <ATen/ATen.h>

namespace ctorch {

// What turns logits into losses.
struct LogitLoss : torch::CustomClassHolder {
  // Losses of the rows `begin`, `begin` + 1, … whose logits are given; when asked, leaves ∂loss/∂logits in their place.
  virtual void apply(at::Tensor &logits, int64_t begin, float *losses, bool differentiate) const = 0;
};

// One float32 loss a row of hidden [n, width] under weight [vocabulary, width].
at::Tensor head_loss(const at::Tensor &hidden, const at::Tensor &weight, c10::intrusive_ptr<LogitLoss> loss,
                     int64_t chunk);

// Refuses shapes that do not fit and targets outside the vocabulary.
void check_head(const char *operation, const at::Tensor &hidden, const at::Tensor &weight, const at::Tensor &targets,
                int64_t chunk);

}  // namespace ctorch
