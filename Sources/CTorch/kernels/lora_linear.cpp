// Linear layers that read the same input, each with LoRA factors: yᵢ = x·Wᵢᵀ + bᵢ + scaleᵢ·(x·Aᵢᵀ)·Bᵢᵀ (Hu et al. 2021).
//
// The frozen weights get no gradient. The thin products of all layers with x are one product, every low-rank term is summed
// with the product that it belongs to, and so are the gradients of x: nothing of the size of x or y is written only to be
// added to something else.
#include "../guard.hpp"
#include "few_rows.hpp"
#include "large_product.hpp"
#include "vector.hpp"

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

using namespace ctorch;

namespace {

struct Layer {
  at::Tensor weight, bias, a, b;
  double scale;
};

// How many layers one call takes: query, key and value; gate and up.
constexpr int64_t most = 3;

using torch::autograd::variable_list;

struct LoRALinear : torch::autograd::Function<LoRALinear> {
  // Factors come as separate arguments because autograd tracks tensors, not lists; absent layers are empty tensors.
  static variable_list forward(torch::autograd::AutogradContext *context, const at::Tensor &input, at::Tensor a0,
                               at::Tensor a1, at::Tensor a2, at::Tensor b0, at::Tensor b1, at::Tensor b2,
                               const std::vector<Layer> *layers) {
    auto x = input.contiguous();
    auto type = x.scalar_type();
    auto low_rank = stacked(*layers, type);
    auto low = sum_of_products({{{x, low_rank, true}}, type});  // [tokens, Σ rank]
    variable_list saved{x, low, low_rank};
    std::vector<SumOfProducts> sums;
    std::vector<double> scales;
    int64_t first = 0;
    for (const auto &layer : *layers) {
      int64_t rank = layer.a.size(0);
      auto up = (layer.b * layer.scale).to(type);
      sums.push_back({{{x, layer.weight, true}, {low.narrow(1, first, rank), up, true}}, type});
      if (layer.bias.defined()) sums.back().products.push_back(bias_term(layer.bias, x.size(0)));
      saved.push_back(layer.weight);
      saved.push_back(up);
      scales.push_back(layer.scale);
      first += rank;
    }
    context->saved_data["scales"] = scales;
    context->save_for_backward(saved);
    bool is_few = std::all_of(layers->begin(), layers->end(), [&](const Layer &layer) {
      return !layer.bias.defined() && is_few_rows(x, layer.weight);
    });
    return is_few ? few_rows(sums) : sums_of_products(sums);
  }

  static variable_list backward(torch::autograd::AutogradContext *context, variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto &x = saved[0], &low = saved[1], &low_rank = saved[2];
    auto scales = context->saved_data["scales"].toDoubleVector();
    auto type = x.scalar_type();
    variable_list result(8);  // input, a0 … a2, b0 … b2, layers
    // Gradients of the low-rank products. The gradient of an output that nobody used is zero.
    std::vector<SumOfProducts> thin;
    for (size_t index = 0; index < scales.size(); ++index) {
      gradients[index] = gradients[index].defined()
                             ? gradients[index].contiguous()
                             : at::zeros({x.size(0), saved[3 + 2 * index].size(0)}, x.options());
      thin.push_back({{{gradients[index], saved[4 + 2 * index], false}}, type});
    }
    auto low_gradients = sums_of_products(thin);
    auto low_gradients_transposed =
        transposed_left(scales.size() == 1 ? low_gradients[0] : at::cat(low_gradients, 1));
    auto low_transposed = transposed_left(low);
    std::vector<SumOfProducts> sums{{{}, type}, {{{low_gradients_transposed, x, false}}, at::kFloat}};
    int64_t first = 0;
    for (size_t index = 0; index < scales.size(); ++index) {
      auto &weight = saved[3 + 2 * index], &up = saved[4 + 2 * index];
      int64_t rank = up.size(1);
      sums[0].products.push_back({gradients[index], weight, false});
      sums[0].products.push_back({low_gradients[index], low_rank.narrow(0, first, rank), false});
      sums.push_back({{{low_transposed.narrow(0, first, rank), gradients[index], false}}, at::kFloat, scales[index]});
      first += rank;
    }
    bool needs_input = context->needs_input_grad(0);
    if (!needs_input) sums.erase(sums.begin());
    auto found = sums_of_products(sums);
    size_t next = 0;
    if (needs_input) result[0] = found[next++];
    auto &low_rank_gradient = found[next++];
    first = 0;
    for (size_t index = 0; index < scales.size(); ++index) {
      int64_t rank = saved[4 + 2 * index].size(1);
      result[1 + index] = low_rank_gradient.narrow(0, first, rank).contiguous();
      result[4 + index] = found[next++].t().contiguous();
      first += rank;
    }
    return result;
  }

 private:
  static variable_list few_rows(const std::vector<SumOfProducts> &sums) {
    variable_list outputs;
    for (const auto &sum : sums) {
      const auto &frozen = sum.products[0], &added = sum.products[1];
      outputs.push_back(few_rows_linear(frozen.left, frozen.right).addmm_(added.left, added.right.t()));
    }
    return outputs;
  }

  // Every A, one below the other.
  static at::Tensor stacked(const std::vector<Layer> &layers, at::ScalarType type) {
    if (layers.size() == 1) return layers[0].a.to(type);
    std::vector<at::Tensor> parts;
    for (const auto &layer : layers) parts.push_back(layer.a);
    return at::cat(parts, 0).to(type);
  }
};

variable_list composed(const at::Tensor &input, const std::vector<Layer> &layers) {
  variable_list outputs;
  for (const auto &layer : layers) {
    auto low = at::linear(input, layer.a.to(input.scalar_type()));
    auto added = at::linear(low, layer.b.to(input.scalar_type()));
    outputs.push_back(at::linear(input, layer.weight, layer.bias).add(added, layer.scale));
  }
  return outputs;
}

}  // namespace

bool ctorch_lora_linear(ctorch_tensor input, int64_t count, const ctorch_tensor *weights, const ctorch_tensor *biases,
                        const ctorch_tensor *a, const ctorch_tensor *b, const double *scales, ctorch_tensor *outputs) {
  return done([&] {
    const auto &x = input->value;
    TORCH_CHECK(x.dim() == 2 && count > 0 && count <= most, "lora_linear: expected [tokens, in] and 1 to ", most,
                " layers, got ", x.sizes(), " and ", count);
    std::vector<Layer> layers;
    bool fused = !composed_only() && has_kernel(x);
    for (int64_t index = 0; index < count; ++index) {
      Layer layer{weights[index]->value, biases[index] ? biases[index]->value : at::Tensor(), a[index]->value,
                  b[index]->value, scales[index]};
      TORCH_CHECK(layer.weight.dim() == 2 && layer.a.dim() == 2 && layer.b.dim() == 2 &&
                      layer.weight.size(1) == x.size(1) && layer.a.size(1) == x.size(1) &&
                      layer.b.size(0) == layer.weight.size(0) && layer.b.size(1) == layer.a.size(0),
                  "lora_linear: expected weight [out, ", x.size(1), "], A [rank, ", x.size(1), "], B [out, rank], got ",
                  layer.weight.sizes(), ", ", layer.a.sizes(), ", ", layer.b.sizes());
      // Gradients of the weights are the composition's: training them beside factors is rare.
      fused = fused && layer.weight.scalar_type() == x.scalar_type() && !layer.weight.requires_grad() &&
              !(layer.bias.defined() && layer.bias.requires_grad()) && layer.a.scalar_type() == at::kFloat &&
              layer.b.scalar_type() == at::kFloat;
      layers.push_back(layer);
    }
    variable_list results;
    if (fused) {
      auto absent = at::empty({0}, x.options().requires_grad(false));
      auto factor = [&](size_t index, bool is_a) {
        return index < layers.size() ? (is_a ? layers[index].a : layers[index].b) : absent;
      };
      results = LoRALinear::apply(x, factor(0, true), factor(1, true), factor(2, true), factor(0, false),
                                  factor(1, false), factor(2, false), &layers);
    } else {
      results = composed(x, layers);
    }
    for (int64_t index = 0; index < count; ++index) outputs[index] = new ctorch_tensor_s{results[static_cast<size_t>(index)]};
  });
}
