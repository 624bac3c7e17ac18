// Sums of matrix products with many rows, as linear layers have them, in bfloat16 with float32 accumulation.
//
// A library packs a matrix anew for every product, sums one product at a time and rounds in between. Here the terms of a
// sum share their accumulators, so that a LoRA term costs its arithmetic only, and the threads share out the columns of
// the result. Each element is summed in the order of its inner dimension, whatever the other rows and the threads are.
#pragma once

#include <ATen/ATen.h>

#include <vector>

namespace ctorch {

// left [m, k] · right, where right is [k, n], or [n, k] with `transposed`.
struct Product {
  at::Tensor left, right;
  bool transposed;
};

// Σ left · right as [m, n], times `scale`. bfloat16 operands give `type` (bfloat16 or float32), rounded once; without the
// instructions, and for other types, LibTorch multiplies and adds the terms one by one.
at::Tensor sum_of_products(const std::vector<Product> &products, at::ScalarType type, double scale = 1);

// leftᵀ · right as [r, n], times `scale`, for left [m, r] and right [m, n]: the gradient of a weight or a factor.
at::Tensor transposed_product(const at::Tensor &left, const at::Tensor &right, at::ScalarType type, double scale = 1);

// The term that adds bias [n] to each of m rows.
Product bias_term(const at::Tensor &bias, int64_t m);

}  // namespace ctorch
