// The columns of a product of few rows in float32, for few_rows.cpp.
#pragma once

#include <cstdint>

namespace ctorch::few_rows_float32 {

// Inner dimensions are multiples of this.
constexpr int64_t step = 8;

// Whether this processor has the instructions (AVX2 and FMA).
bool available();

// Columns begin ..< end of x [m, k] · weightᵀ, weight [n, k], into output [m, n]; begin and end are multiples of four.
void columns(const float *x, const float *weight, float *output, int64_t m, int64_t k, int64_t n, int64_t begin,
             int64_t end);

}  // namespace ctorch::few_rows_float32
