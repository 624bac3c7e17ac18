// Σ a·b over all elements, accumulated in float64: norms and products of gradients.
#include "../guard.hpp"
#include "vector.hpp"

#include "../parallel.hpp"

#include <algorithm>

using namespace ctorch;

namespace {

CTORCH_CLONES double dot_span(const float *a, const float *b, int64_t count) {
  constexpr int64_t lanes = 16;
  double sums[lanes] = {};
  int64_t index = 0;
  for (; index + lanes <= count; index += lanes)
    for (int64_t lane = 0; lane < lanes; ++lane)
      sums[lane] += static_cast<double>(a[index + lane]) * static_cast<double>(b[index + lane]);
  double total = 0;
  for (double sum : sums) total += sum;
  for (; index < count; ++index) total += static_cast<double>(a[index]) * static_cast<double>(b[index]);
  return total;
}

// Elements of one partial sum: fixed, so that the number of threads does not change the result.
constexpr int64_t piece = 1 << 16;

}  // namespace

bool ctorch_dot(ctorch_tensor left, ctorch_tensor right, double *value) {
  return done([&] {
    at::NoGradGuard guard;
    TORCH_CHECK(left->value.sizes() == right->value.sizes(), "expected equal shapes, got ", left->value.sizes(),
                " and ", right->value.sizes());
    auto first = left->value.to(at::kFloat).contiguous();
    auto second = right->value.to(at::kFloat).contiguous();
    if (!first.device().is_cpu()) {
      *value = at::sum(at::mul(first, second), at::kDouble).item<double>();
      return;
    }
    const float *a = first.const_data_ptr<float>(), *b = second.const_data_ptr<float>();
    int64_t count = first.numel();
    std::vector<double> sums((count + piece - 1) / piece);
    parallel_for(0, static_cast<int64_t>(sums.size()), piece, [&](int64_t begin, int64_t end) {
      for (int64_t index = begin; index < end; ++index) {
        int64_t start = index * piece;
        sums[index] = dot_span(a + start, b + start, std::min(piece, count - start));
      }
    });
    double total = 0;
    for (double sum : sums) total += sum;
    *value = total;
  });
}
