// x · Wᵀ for the few rows that decoding has, in bfloat16. A library packs W anew for every product, which at sixteen rows
// costs more than the product; here W is read once, as it lies, and the time is that of reading it.
#pragma once

#include <ATen/ATen.h>

namespace ctorch {

// Whether few_rows_linear takes these: x [m, k] with m small, weight [n, k], both bfloat16 and outside autograd.
bool is_few_rows(const at::Tensor &x, const at::Tensor &weight);

// [m, n], each element a float32 sum rounded once.
at::Tensor few_rows_linear(const at::Tensor &x, const at::Tensor &weight);

}  // namespace ctorch
