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
struct SumOfProducts {
  std::vector<Product> products;
  at::ScalarType type;
  double scale = 1;
};

// Several sums that do not depend on each other, with one start and one wait of the threads. Give the largest first.
std::vector<at::Tensor> sums_of_products(const std::vector<SumOfProducts> &sums);
inline at::Tensor sum_of_products(const SumOfProducts &sum) {
  return sums_of_products(std::vector<SumOfProducts>{sum})[0];
}

// matrixᵀ of [m, r], with a column of zeros where m is odd: the left side of a gradient that sums over m.
at::Tensor transposed_left(const at::Tensor &matrix);

// The term that adds bias [n] to each of m rows.
Product bias_term(const at::Tensor &bias, int64_t m);

}  // namespace ctorch
