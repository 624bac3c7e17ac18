// AdamW's bias-corrected direction (Loshchilov and Hutter 2019; torch.optim.AdamW).
#include "../guard.hpp"
#include "vector.hpp"

#include "../parallel.hpp"

#include <cmath>

using namespace ctorch;

namespace {

CTORCH_CLONES void direction_span(float *g, float *m, float *v, int64_t count, float beta1, float beta2, float epsilon,
                                  float correction1, float correction2) {
  for (int64_t index = 0; index < count; ++index) {
    float gradient = g[index];
    float first = m[index] + (gradient - m[index]) * (1.0f - beta1);
    float second = v[index] * beta2 + gradient * gradient * (1.0f - beta2);
    m[index] = first;
    v[index] = second;
    g[index] = first / (correction1 * (std::sqrt(second) / correction2 + epsilon));
  }
}

}  // namespace

bool ctorch_adamw_direction(ctorch_tensor gradient, ctorch_tensor first_moment, ctorch_tensor second_moment,
                            int64_t step, double beta1, double beta2, double epsilon) {
  return done([&] {
    at::NoGradGuard guard;
    auto &g = gradient->value, &m = first_moment->value, &v = second_moment->value;
    TORCH_CHECK(g.sizes() == m.sizes() && g.sizes() == v.sizes(), "adamw: expected equal shapes, got ", g.sizes(), ", ",
                m.sizes(), ", ", v.sizes());
    double correction1 = 1 - std::pow(beta1, static_cast<double>(step));
    double correction2 = std::sqrt(1 - std::pow(beta2, static_cast<double>(step)));
    if (!on_cpu(at::kFloat, g, m, v)) {
      m.lerp_(g, 1 - beta1);
      v.mul_(beta2).addcmul_(g, g, 1 - beta2);
      g.copy_(m / (correction1 * (v.sqrt() / correction2).add_(epsilon)));
      return;
    }
    float *gg = g.data_ptr<float>(), *mm = m.data_ptr<float>(), *vv = v.data_ptr<float>();
    parallel_for(0, g.numel(), 4, [&](int64_t begin, int64_t end) {
      direction_span(gg + begin, mm + begin, vv + begin, end - begin, static_cast<float>(beta1),
                     static_cast<float>(beta2), static_cast<float>(epsilon), static_cast<float>(correction1),
                     static_cast<float>(correction2));
    });
  });
}
