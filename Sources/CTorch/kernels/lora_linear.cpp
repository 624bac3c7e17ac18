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
    auto low = sum_of_products({{x, low_rank, true}}, type);  // [tokens, Σ rank]
    variable_list outputs, saved{x, low, low_rank};
    std::vector<double> scales;
    int64_t first = 0;
    for (const auto &layer : *layers) {
      int64_t rank = layer.a.size(0);
      auto up = (layer.b * layer.scale).to(type);
      Product added{low.narrow(1, first, rank), up, true};
      if (!layer.bias.defined() && is_few_rows(x, layer.weight)) {
        outputs.push_back(few_rows_linear(x, layer.weight).addmm_(added.left, up.t()));
      } else {
        std::vector<Product> sum{{x, layer.weight, true}, added};
        if (layer.bias.defined()) sum.push_back(bias_term(layer.bias, x.size(0)));
        outputs.push_back(sum_of_products(sum, type));
      }
      saved.push_back(layer.weight);
      saved.push_back(up);
      scales.push_back(layer.scale);
      first += rank;
    }
    context->saved_data["scales"] = scales;
    context->save_for_backward(saved);
    return outputs;
  }

  static variable_list backward(torch::autograd::AutogradContext *context, variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto &x = saved[0], &low = saved[1], &low_rank = saved[2];
    auto scales = context->saved_data["scales"].toDoubleVector();
    auto type = x.scalar_type();
    auto low_gradient = at::empty_like(low);
    std::vector<Product> input_gradient;
    variable_list result(8);  // input, a0 … a2, b0 … b2, layers
    int64_t first = 0;
    for (size_t index = 0; index < scales.size(); ++index) {
      auto &weight = saved[3 + 2 * index], &up = saved[4 + 2 * index];
      int64_t rank = up.size(1);
      auto part = low_gradient.narrow(1, first, rank);
      if (!gradients[index].defined()) {
        part.zero_();
        result[4 + index] = at::zeros(up.sizes(), up.options().dtype(at::kFloat));
        first += rank;
        continue;
      }
      auto gradient = gradients[index].contiguous();
      part.copy_(sum_of_products({{gradient, up, false}}, type));
      result[4 + index] =
          transposed_product(low.narrow(1, first, rank), gradient, at::kFloat, scales[index]).t().contiguous();
      input_gradient.push_back({gradient, weight, false});
      first += rank;
    }
    auto low_rank_gradient = transposed_product(low_gradient, x, at::kFloat);
    if (context->needs_input_grad(0) && !input_gradient.empty()) {
      input_gradient.push_back({low_gradient, low_rank, false});
      result[0] = sum_of_products(input_gradient, type);
    }
    first = 0;
    for (size_t index = 0; index < scales.size(); ++index) {
      int64_t rank = saved[4 + 2 * index].size(1);
      result[1 + index] = low_rank_gradient.narrow(0, first, rank).contiguous();
      first += rank;
    }
    return result;
  }

 private:
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
