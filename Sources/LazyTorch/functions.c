// Made by Scripts/make_torch_functions.py from Sources/CTorch/include/ctorch.h.
#include <stdatomic.h>

#include "include/LazyTorch.h"
#include "library.h"

// The function of a name, looked up once; threads that come at the same time find the same.
static void *found(_Atomic(void *) *kept, const char *name) {
  void *function = atomic_load_explicit(kept, memory_order_acquire);
  if (!function) {
    function = lazytorch_function(name);
    atomic_store_explicit(kept, function, memory_order_release);
  }
  return function;
}

const char *ctorch_last_error(void) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_last_error))found(&kept, "ctorch_last_error"))();
}

const char *ctorch_version(void) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_version))found(&kept, "ctorch_version"))();
}

const char *ctorch_cpu_capability(void) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_cpu_capability))found(&kept, "ctorch_cpu_capability"))();
}

const char *ctorch_library_path(void) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_library_path))found(&kept, "ctorch_library_path"))();
}

const char *ctorch_cpu_features(void) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_cpu_features))found(&kept, "ctorch_cpu_features"))();
}

int ctorch_bfloat16_hardware(void) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_bfloat16_hardware))found(&kept, "ctorch_bfloat16_hardware"))();
}

bool ctorch_set_threads(int count) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_set_threads))found(&kept, "ctorch_set_threads"))(count);
}

int ctorch_threads(void) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_threads))found(&kept, "ctorch_threads"))();
}

void ctorch_set_composed(bool composed) {
  static _Atomic(void *) kept;
  ((__typeof__(&ctorch_set_composed))found(&kept, "ctorch_set_composed"))(composed);
}

bool ctorch_cuda_available(void) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_cuda_available))found(&kept, "ctorch_cuda_available"))();
}

bool ctorch_mps_available(void) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_mps_available))found(&kept, "ctorch_mps_available"))();
}

void ctorch_free(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  ((__typeof__(&ctorch_free))found(&kept, "ctorch_free"))(tensor);
}

ctorch_tensor ctorch_from_bytes(const void *bytes, int64_t byte_count, const int64_t *sizes, int64_t rank, ctorch_dtype dtype) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_from_bytes))found(&kept, "ctorch_from_bytes"))(bytes, byte_count, sizes, rank, dtype);
}

ctorch_tensor ctorch_from_memory(const void *bytes, const int64_t *sizes, int64_t rank, ctorch_dtype dtype, void (*release)(void *), void *context) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_from_memory))found(&kept, "ctorch_from_memory"))(bytes, sizes, rank, dtype, release, context);
}

ctorch_tensor ctorch_full(const int64_t *sizes, int64_t rank, double value, ctorch_dtype dtype) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_full))found(&kept, "ctorch_full"))(sizes, rank, value, dtype);
}

ctorch_tensor ctorch_empty(const int64_t *sizes, int64_t rank, ctorch_dtype dtype) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_empty))found(&kept, "ctorch_empty"))(sizes, rank, dtype);
}

int64_t ctorch_rank(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_rank))found(&kept, "ctorch_rank"))(tensor);
}

int64_t ctorch_size(ctorch_tensor tensor, int64_t dimension) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_size))found(&kept, "ctorch_size"))(tensor, dimension);
}

int64_t ctorch_count(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_count))found(&kept, "ctorch_count"))(tensor);
}

int64_t ctorch_byte_count(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_byte_count))found(&kept, "ctorch_byte_count"))(tensor);
}

int ctorch_dtype_of(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_dtype_of))found(&kept, "ctorch_dtype_of"))(tensor);
}

bool ctorch_copy_out(ctorch_tensor tensor, void *destination, int64_t byte_count) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_copy_out))found(&kept, "ctorch_copy_out"))(tensor, destination, byte_count);
}

bool ctorch_item(ctorch_tensor tensor, double *value) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_item))found(&kept, "ctorch_item"))(tensor, value);
}

ctorch_tensor ctorch_to_dtype(ctorch_tensor tensor, ctorch_dtype dtype) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_to_dtype))found(&kept, "ctorch_to_dtype"))(tensor, dtype);
}

ctorch_tensor ctorch_contiguous(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_contiguous))found(&kept, "ctorch_contiguous"))(tensor);
}

ctorch_tensor ctorch_clone(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_clone))found(&kept, "ctorch_clone"))(tensor);
}

ctorch_tensor ctorch_detach(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_detach))found(&kept, "ctorch_detach"))(tensor);
}

const void *ctorch_data(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_data))found(&kept, "ctorch_data"))(tensor);
}

bool ctorch_set_requires_grad(ctorch_tensor tensor, bool value) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_set_requires_grad))found(&kept, "ctorch_set_requires_grad"))(tensor, value);
}

bool ctorch_requires_grad(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_requires_grad))found(&kept, "ctorch_requires_grad"))(tensor);
}

bool ctorch_grad_enabled(void) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_grad_enabled))found(&kept, "ctorch_grad_enabled"))();
}

void ctorch_set_grad_enabled(bool enabled) {
  static _Atomic(void *) kept;
  ((__typeof__(&ctorch_set_grad_enabled))found(&kept, "ctorch_set_grad_enabled"))(enabled);
}

bool ctorch_gradients(ctorch_tensor output, const ctorch_tensor *inputs, int64_t count, ctorch_tensor *gradients) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_gradients))found(&kept, "ctorch_gradients"))(output, inputs, count, gradients);
}

ctorch_tensor ctorch_add(ctorch_tensor left, ctorch_tensor right, double alpha) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_add))found(&kept, "ctorch_add"))(left, right, alpha);
}

ctorch_tensor ctorch_multiply(ctorch_tensor left, ctorch_tensor right) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_multiply))found(&kept, "ctorch_multiply"))(left, right);
}

ctorch_tensor ctorch_divide(ctorch_tensor left, ctorch_tensor right) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_divide))found(&kept, "ctorch_divide"))(left, right);
}

ctorch_tensor ctorch_affine(ctorch_tensor tensor, double scale, double offset) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_affine))found(&kept, "ctorch_affine"))(tensor, scale, offset);
}

ctorch_tensor ctorch_matmul(ctorch_tensor left, ctorch_tensor right) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_matmul))found(&kept, "ctorch_matmul"))(left, right);
}

ctorch_tensor ctorch_linear(ctorch_tensor input, ctorch_tensor weight, ctorch_tensor bias) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_linear))found(&kept, "ctorch_linear"))(input, weight, bias);
}

ctorch_tensor ctorch_clamp(ctorch_tensor tensor, double minimum, double maximum) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_clamp))found(&kept, "ctorch_clamp"))(tensor, minimum, maximum);
}

ctorch_tensor ctorch_exp(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_exp))found(&kept, "ctorch_exp"))(tensor);
}

ctorch_tensor ctorch_log(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_log))found(&kept, "ctorch_log"))(tensor);
}

ctorch_tensor ctorch_log_sigmoid(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_log_sigmoid))found(&kept, "ctorch_log_sigmoid"))(tensor);
}

ctorch_tensor ctorch_sum(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_sum))found(&kept, "ctorch_sum"))(tensor);
}

ctorch_tensor ctorch_mean(ctorch_tensor tensor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_mean))found(&kept, "ctorch_mean"))(tensor);
}

ctorch_tensor ctorch_sum_along(ctorch_tensor tensor, int64_t dimension) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_sum_along))found(&kept, "ctorch_sum_along"))(tensor, dimension);
}

ctorch_tensor ctorch_argmax(ctorch_tensor tensor, int64_t dimension) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_argmax))found(&kept, "ctorch_argmax"))(tensor, dimension);
}

bool ctorch_dot(ctorch_tensor left, ctorch_tensor right, double *value) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_dot))found(&kept, "ctorch_dot"))(left, right, value);
}

bool ctorch_all_finite(ctorch_tensor tensor, bool *value) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_all_finite))found(&kept, "ctorch_all_finite"))(tensor, value);
}

bool ctorch_add_in_place(ctorch_tensor target, ctorch_tensor other, double alpha) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_add_in_place))found(&kept, "ctorch_add_in_place"))(target, other, alpha);
}

bool ctorch_scale_in_place(ctorch_tensor target, double factor) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_scale_in_place))found(&kept, "ctorch_scale_in_place"))(target, factor);
}

bool ctorch_copy_in_place(ctorch_tensor target, ctorch_tensor source) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_copy_in_place))found(&kept, "ctorch_copy_in_place"))(target, source);
}

ctorch_tensor ctorch_reshape(ctorch_tensor tensor, const int64_t *sizes, int64_t rank) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_reshape))found(&kept, "ctorch_reshape"))(tensor, sizes, rank);
}

ctorch_tensor ctorch_narrow(ctorch_tensor tensor, int64_t dimension, int64_t start, int64_t length) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_narrow))found(&kept, "ctorch_narrow"))(tensor, dimension, start, length);
}

ctorch_tensor ctorch_index_select(ctorch_tensor tensor, int64_t dimension, ctorch_tensor indices) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_index_select))found(&kept, "ctorch_index_select"))(tensor, dimension, indices);
}

ctorch_tensor ctorch_cat(const ctorch_tensor *tensors, int64_t count, int64_t dimension) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_cat))found(&kept, "ctorch_cat"))(tensors, count, dimension);
}

ctorch_tensor ctorch_segment_sum(ctorch_tensor values, ctorch_tensor groups, int64_t count) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_segment_sum))found(&kept, "ctorch_segment_sum"))(values, groups, count);
}

ctorch_tensor ctorch_embedding(ctorch_tensor weight, ctorch_tensor indices) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_embedding))found(&kept, "ctorch_embedding"))(weight, indices);
}

ctorch_tensor ctorch_layer_norm(ctorch_tensor input, ctorch_tensor weight, ctorch_tensor bias, double epsilon) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_layer_norm))found(&kept, "ctorch_layer_norm"))(input, weight, bias, epsilon);
}

ctorch_tensor ctorch_rms_norm(ctorch_tensor input, ctorch_tensor weight, double epsilon) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_rms_norm))found(&kept, "ctorch_rms_norm"))(input, weight, epsilon);
}

ctorch_tensor ctorch_swiglu(ctorch_tensor gate, ctorch_tensor up) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_swiglu))found(&kept, "ctorch_swiglu"))(gate, up);
}

ctorch_tensor ctorch_rotary(ctorch_tensor input, ctorch_tensor cosine, ctorch_tensor sine) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_rotary))found(&kept, "ctorch_rotary"))(input, cosine, sine);
}

bool ctorch_lora_linear(ctorch_tensor input, int64_t count, const ctorch_tensor *weights, const ctorch_tensor *biases, const ctorch_tensor *a, const ctorch_tensor *b, const double *scales, ctorch_tensor *outputs) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_lora_linear))found(&kept, "ctorch_lora_linear"))(input, count, weights, biases, a, b, scales, outputs);
}

ctorch_tensor ctorch_packed_attention(ctorch_tensor query, ctorch_tensor key, ctorch_tensor value, const int64_t *offsets, int64_t rows, double scale) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_packed_attention))found(&kept, "ctorch_packed_attention"))(query, key, value, offsets, rows, scale);
}

ctorch_tensor ctorch_cached_attention(ctorch_tensor query, ctorch_tensor key, ctorch_tensor value, ctorch_tensor key_cache, ctorch_tensor value_cache, const int64_t *offsets, const int64_t *slots, const int64_t *starts, int64_t rows, bool keep, double scale) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_cached_attention))found(&kept, "ctorch_cached_attention"))(query, key, value, key_cache, value_cache, offsets, slots, starts, rows, keep, scale);
}

ctorch_tensor ctorch_head_cross_entropy(ctorch_tensor hidden, ctorch_tensor weight, ctorch_tensor targets, int64_t chunk) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_head_cross_entropy))found(&kept, "ctorch_head_cross_entropy"))(hidden, weight, targets, chunk);
}

ctorch_tensor ctorch_head_divergence(ctorch_tensor hidden, ctorch_tensor weight, ctorch_tensor reference_hidden, ctorch_tensor reference_weight, ctorch_tensor targets, double shift, bool less_entropy, int64_t chunk) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_head_divergence))found(&kept, "ctorch_head_divergence"))(hidden, weight, reference_hidden, reference_weight, targets, shift, less_entropy, chunk);
}

bool ctorch_head_token_statistics(ctorch_tensor hidden, ctorch_tensor weight, ctorch_tensor targets, int64_t chunk, ctorch_tensor *figures, ctorch_tensor *predictions) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_head_token_statistics))found(&kept, "ctorch_head_token_statistics"))(hidden, weight, targets, chunk, figures, predictions);
}

bool ctorch_adamw_direction(ctorch_tensor gradient, ctorch_tensor first_moment, ctorch_tensor second_moment, int64_t step, double beta1, double beta2, double epsilon) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_adamw_direction))found(&kept, "ctorch_adamw_direction"))(gradient, first_moment, second_moment, step, beta1, beta2, epsilon);
}

ctorch_group ctorch_group_join_file(const char *path, int rank, int size, double patience) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_group_join_file))found(&kept, "ctorch_group_join_file"))(path, rank, size, patience);
}

ctorch_group ctorch_group_join_tcp(const char *host, int port, bool serves, const char *prefix, int rank, int size, double patience) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_group_join_tcp))found(&kept, "ctorch_group_join_tcp"))(host, port, serves, prefix, rank, size, patience);
}

void ctorch_group_leave(ctorch_group group) {
  static _Atomic(void *) kept;
  ((__typeof__(&ctorch_group_leave))found(&kept, "ctorch_group_leave"))(group);
}

bool ctorch_group_sum(ctorch_group group, const ctorch_tensor *tensors, int64_t count, double patience) {
  static _Atomic(void *) kept;
  return ((__typeof__(&ctorch_group_sum))found(&kept, "ctorch_group_sum"))(group, tensors, count, patience);
}
