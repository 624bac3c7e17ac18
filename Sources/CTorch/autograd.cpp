#include "guard.hpp"

#include <torch/csrc/autograd/autograd.h>

#include <vector>

using namespace ctorch;

bool ctorch_set_requires_grad(ctorch_tensor tensor, bool value) {
  return done([&] { tensor->value.set_requires_grad(value); });
}

bool ctorch_requires_grad(ctorch_tensor tensor) { return tensor->value.requires_grad(); }

bool ctorch_grad_enabled(void) { return at::GradMode::is_enabled(); }

void ctorch_set_grad_enabled(bool enabled) { at::GradMode::set_enabled(enabled); }

bool ctorch_gradients(ctorch_tensor output, const ctorch_tensor *inputs, int64_t count, ctorch_tensor *gradients) {
  return done([&] {
    std::vector<at::Tensor> variables;
    for (int64_t index = 0; index < count; ++index) variables.push_back(inputs[index]->value);
    auto results = torch::autograd::grad({output->value}, variables, {}, std::nullopt, false, true);
    for (int64_t index = 0; index < count; ++index) {
      auto &result = results[static_cast<size_t>(index)];
      gradients[index] = new ctorch_tensor_s{result.defined() ? result : at::zeros_like(inputs[index]->value)};
    }
  });
}
