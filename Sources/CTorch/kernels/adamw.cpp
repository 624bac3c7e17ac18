// One AdamW step: decoupled weight decay, bias-corrected moments (Loshchilov and Hutter 2019; torch.optim.AdamW).
#include "../guard.hpp"
#include "vector.hpp"

#include <ATen/Parallel.h>

#include <cmath>

using namespace ctorch;

namespace {

CTORCH_CLONES void step_span(float *p, const float *g, float *m, float *v, int64_t count, float rate, float beta1,
                             float beta2, float epsilon, float decay, float correction1, float correction2) {
  for (int64_t index = 0; index < count; ++index) {
    float gradient = g[index];
    float first = m[index] + (gradient - m[index]) * (1.0f - beta1);
    float second = v[index] * beta2 + gradient * gradient * (1.0f - beta2);
    m[index] = first;
    v[index] = second;
    float denominator = std::sqrt(second) / correction2 + epsilon;
    p[index] = p[index] * decay - rate / correction1 * (first / denominator);
  }
}

}  // namespace

bool ctorch_adamw_step(ctorch_tensor parameter, ctorch_tensor gradient, ctorch_tensor first_moment,
                       ctorch_tensor second_moment, int64_t step, double learning_rate, double beta1, double beta2,
                       double epsilon, double weight_decay) {
  return done([&] {
    at::NoGradGuard guard;
    auto &p = parameter->value, &m = first_moment->value, &v = second_moment->value;
    auto g = gradient->value.contiguous();
    TORCH_CHECK(p.sizes() == g.sizes() && p.sizes() == m.sizes() && p.sizes() == v.sizes(),
                "adamw: expected equal shapes, got ", p.sizes(), ", ", g.sizes(), ", ", m.sizes(), ", ", v.sizes());
    double correction1 = 1 - std::pow(beta1, static_cast<double>(step));
    double correction2 = std::sqrt(1 - std::pow(beta2, static_cast<double>(step)));
    if (!on_cpu(at::kFloat, p, g, m, v)) {
      m.lerp_(g, 1 - beta1);
      v.mul_(beta2).addcmul_(g, g, 1 - beta2);
      p.mul_(1 - learning_rate * weight_decay);
      p.addcdiv_(m, (v.sqrt() / correction2).add_(epsilon), -learning_rate / correction1);
      return;
    }
    float *pp = p.data_ptr<float>(), *mm = m.data_ptr<float>(), *vv = v.data_ptr<float>();
    const float *gg = g.const_data_ptr<float>();
    at::parallel_for(0, p.numel(), 16384, [&](int64_t begin, int64_t end) {
      step_span(pp + begin, gg + begin, mm + begin, vv + begin, end - begin, static_cast<float>(learning_rate),
                static_cast<float>(beta1), static_cast<float>(beta2), static_cast<float>(epsilon),
                static_cast<float>(1 - learning_rate * weight_decay), static_cast<float>(correction1),
                static_cast<float>(correction2));
    });
  });
}
