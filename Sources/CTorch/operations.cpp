#include "guard.hpp"

#include <vector>

using namespace ctorch;

ctorch_tensor ctorch_add(ctorch_tensor left, ctorch_tensor right, double alpha) {
  return tensor([&] { return at::add(left->value, right->value, alpha); });
}

ctorch_tensor ctorch_multiply(ctorch_tensor left, ctorch_tensor right) {
  return tensor([&] { return at::mul(left->value, right->value); });
}

ctorch_tensor ctorch_divide(ctorch_tensor left, ctorch_tensor right) {
  return tensor([&] { return at::div(left->value, right->value); });
}

ctorch_tensor ctorch_affine(ctorch_tensor input, double scale, double offset) {
  return tensor([&] {
    auto scaled = scale == 1 ? input->value : at::mul(input->value, scale);
    return offset == 0 ? scaled : at::add(scaled, offset);
  });
}

ctorch_tensor ctorch_matmul(ctorch_tensor left, ctorch_tensor right) {
  return tensor([&] { return at::matmul(left->value, right->value); });
}

ctorch_tensor ctorch_clamp(ctorch_tensor input, double minimum, double maximum) {
  return tensor([&] { return at::clamp(input->value, minimum, maximum); });
}

ctorch_tensor ctorch_exp(ctorch_tensor input) {
  return tensor([&] { return at::exp(input->value); });
}

ctorch_tensor ctorch_log(ctorch_tensor input) {
  return tensor([&] { return at::log(input->value); });
}

ctorch_tensor ctorch_log_sigmoid(ctorch_tensor input) {
  return tensor([&] { return at::log_sigmoid(input->value); });
}

ctorch_tensor ctorch_sum(ctorch_tensor input) {
  return tensor([&] { return at::sum(input->value); });
}

ctorch_tensor ctorch_mean(ctorch_tensor input) {
  return tensor([&] { return at::mean(input->value); });
}

ctorch_tensor ctorch_sum_along(ctorch_tensor input, int64_t dimension) {
  return tensor([&] { return at::sum(input->value, dimension); });
}

ctorch_tensor ctorch_argmax(ctorch_tensor input, int64_t dimension) {
  return tensor([&] { return at::argmax(input->value, dimension); });
}

bool ctorch_all_finite(ctorch_tensor input, bool *value) {
  return done([&] { *value = at::isfinite(input->value.detach()).all().item<bool>(); });
}

bool ctorch_add_in_place(ctorch_tensor target, ctorch_tensor other, double alpha) {
  return done([&] {
    at::NoGradGuard guard;
    target->value.add_(other->value, alpha);
  });
}

bool ctorch_scale_in_place(ctorch_tensor target, double factor) {
  return done([&] {
    at::NoGradGuard guard;
    target->value.mul_(factor);
  });
}

bool ctorch_copy_in_place(ctorch_tensor target, ctorch_tensor source) {
  return done([&] {
    at::NoGradGuard guard;
    TORCH_CHECK(target->value.sizes() == source->value.sizes(), "expected shape ", target->value.sizes(), ", got ",
                source->value.sizes());
    target->value.copy_(source->value);
  });
}

ctorch_tensor ctorch_reshape(ctorch_tensor input, const int64_t *sizes, int64_t rank) {
  return tensor([&] { return input->value.reshape(shape(sizes, rank)); });
}

ctorch_tensor ctorch_narrow(ctorch_tensor input, int64_t dimension, int64_t start, int64_t length) {
  return tensor([&] { return input->value.narrow(dimension, start, length); });
}

ctorch_tensor ctorch_index_select(ctorch_tensor input, int64_t dimension, ctorch_tensor indices) {
  return tensor([&] { return at::index_select(input->value, dimension, indices->value); });
}

ctorch_tensor ctorch_cat(const ctorch_tensor *tensors, int64_t count, int64_t dimension) {
  return tensor([&] {
    std::vector<at::Tensor> list;
    for (int64_t index = 0; index < count; ++index) list.push_back(tensors[index]->value);
    return at::cat(list, dimension);
  });
}

ctorch_tensor ctorch_segment_sum(ctorch_tensor values, ctorch_tensor groups, int64_t count) {
  return tensor([&] {
    return at::zeros({count}, values->value.options()).index_add(0, groups->value, values->value);
  });
}

ctorch_tensor ctorch_embedding(ctorch_tensor weight, ctorch_tensor indices) {
  return tensor([&] { return at::embedding(weight->value, indices->value); });
}

ctorch_tensor ctorch_layer_norm(ctorch_tensor input, ctorch_tensor weight, ctorch_tensor bias, double epsilon) {
  return tensor([&] {
    auto optional = [](ctorch_tensor item) { return item ? std::make_optional(item->value) : std::nullopt; };
    return at::layer_norm(input->value, {input->value.size(-1)}, optional(weight), optional(bias), epsilon);
  });
}
