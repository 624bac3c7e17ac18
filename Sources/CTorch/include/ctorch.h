// The C face of LibTorch: only the operations in use, each free of C++ exceptions.
//
// A function that returns a tensor gives NULL on failure; one that returns bool gives false. The reason is then in
// ctorch_last_error(), for this thread. Every tensor that is returned is owned by the caller: ctorch_free().
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ctorch_tensor_s *ctorch_tensor;

typedef enum {
  ctorch_float32 = 0,
  ctorch_bfloat16 = 1,
  ctorch_float16 = 2,
  ctorch_int64 = 3,
  ctorch_bool = 4,
  ctorch_float64 = 5,
  ctorch_int32 = 6,
  ctorch_uint8 = 7,
} ctorch_dtype;

// Library ------------------------------------------------------------------------------------------------------------

const char *ctorch_last_error(void);
const char *ctorch_version(void);
// "AVX512", "AVX2", "DEFAULT", …: what LibTorch's own kernels use.
const char *ctorch_cpu_capability(void);
// The file that LibTorch was loaded from.
const char *ctorch_library_path(void);
// Instruction sets of this CPU that matter to products, separated by spaces.
const char *ctorch_cpu_features(void);
// 0 none, 1 AVX512-bf16, 2 AMX: whether bfloat16 matrix products run in hardware.
int ctorch_bfloat16_hardware(void);
bool ctorch_set_threads(int count);
int ctorch_threads(void);
// For tests and benchmarks: layers take their ATen compositions instead of the fused kernels.
void ctorch_set_composed(bool composed);
bool ctorch_cuda_available(void);
bool ctorch_mps_available(void);

// Making and reading -------------------------------------------------------------------------------------------------

void ctorch_free(ctorch_tensor tensor);
ctorch_tensor ctorch_from_bytes(const void *bytes, int64_t byte_count, const int64_t *sizes, int64_t rank,
                                ctorch_dtype dtype);
// A tensor over memory that the caller keeps: `release(context)` is called once, when the last tensor on it goes.
ctorch_tensor ctorch_from_memory(const void *bytes, const int64_t *sizes, int64_t rank, ctorch_dtype dtype,
                                 void (*release)(void *), void *context);
ctorch_tensor ctorch_full(const int64_t *sizes, int64_t rank, double value, ctorch_dtype dtype);
ctorch_tensor ctorch_empty(const int64_t *sizes, int64_t rank, ctorch_dtype dtype);
int64_t ctorch_rank(ctorch_tensor tensor);
int64_t ctorch_size(ctorch_tensor tensor, int64_t dimension);
int64_t ctorch_count(ctorch_tensor tensor);
int64_t ctorch_byte_count(ctorch_tensor tensor);
int ctorch_dtype_of(ctorch_tensor tensor);  // -1: a dtype that this header does not name
bool ctorch_copy_out(ctorch_tensor tensor, void *destination, int64_t byte_count);
bool ctorch_item(ctorch_tensor tensor, double *value);
ctorch_tensor ctorch_to_dtype(ctorch_tensor tensor, ctorch_dtype dtype);
ctorch_tensor ctorch_contiguous(ctorch_tensor tensor);
ctorch_tensor ctorch_clone(ctorch_tensor tensor);
ctorch_tensor ctorch_detach(ctorch_tensor tensor);
// Contiguous memory of a CPU tensor, valid while the tensor lives; NULL on failure.
const void *ctorch_data(ctorch_tensor tensor);

// Autograd -----------------------------------------------------------------------------------------------------------

bool ctorch_set_requires_grad(ctorch_tensor tensor, bool value);
bool ctorch_requires_grad(ctorch_tensor tensor);
bool ctorch_grad_enabled(void);
void ctorch_set_grad_enabled(bool enabled);
// d output / d inputs, output a scalar; an input that output does not depend on gives zeros.
bool ctorch_gradients(ctorch_tensor output, const ctorch_tensor *inputs, int64_t count, ctorch_tensor *gradients);

// Arithmetic ---------------------------------------------------------------------------------------------------------

ctorch_tensor ctorch_add(ctorch_tensor left, ctorch_tensor right, double alpha);
ctorch_tensor ctorch_multiply(ctorch_tensor left, ctorch_tensor right);
ctorch_tensor ctorch_divide(ctorch_tensor left, ctorch_tensor right);
ctorch_tensor ctorch_affine(ctorch_tensor tensor, double scale, double offset);
ctorch_tensor ctorch_matmul(ctorch_tensor left, ctorch_tensor right);
// x · weightᵀ + bias; bias may be NULL.
ctorch_tensor ctorch_linear(ctorch_tensor input, ctorch_tensor weight, ctorch_tensor bias);
ctorch_tensor ctorch_clamp(ctorch_tensor tensor, double minimum, double maximum);
ctorch_tensor ctorch_exp(ctorch_tensor tensor);
ctorch_tensor ctorch_log(ctorch_tensor tensor);
ctorch_tensor ctorch_log_sigmoid(ctorch_tensor tensor);
ctorch_tensor ctorch_sum(ctorch_tensor tensor);
ctorch_tensor ctorch_mean(ctorch_tensor tensor);
// Over one dimension, which goes.
ctorch_tensor ctorch_sum_along(ctorch_tensor tensor, int64_t dimension);
ctorch_tensor ctorch_argmax(ctorch_tensor tensor, int64_t dimension);
// Sum and sum of products over all elements, accumulated in float64.
bool ctorch_dot(ctorch_tensor left, ctorch_tensor right, double *value);
bool ctorch_all_finite(ctorch_tensor tensor, bool *value);

// In place, outside autograd -----------------------------------------------------------------------------------------

bool ctorch_add_in_place(ctorch_tensor target, ctorch_tensor other, double alpha);
bool ctorch_scale_in_place(ctorch_tensor target, double factor);
bool ctorch_copy_in_place(ctorch_tensor target, ctorch_tensor source);

// Shape --------------------------------------------------------------------------------------------------------------

ctorch_tensor ctorch_reshape(ctorch_tensor tensor, const int64_t *sizes, int64_t rank);
ctorch_tensor ctorch_narrow(ctorch_tensor tensor, int64_t dimension, int64_t start, int64_t length);
ctorch_tensor ctorch_index_select(ctorch_tensor tensor, int64_t dimension, ctorch_tensor indices);
ctorch_tensor ctorch_cat(const ctorch_tensor *tensors, int64_t count, int64_t dimension);
// sums[i] = Σ values[j] where groups[j] = i; values is a vector, groups int64 in 0..<count.
ctorch_tensor ctorch_segment_sum(ctorch_tensor values, ctorch_tensor groups, int64_t count);

// Layers -------------------------------------------------------------------------------------------------------------

ctorch_tensor ctorch_embedding(ctorch_tensor weight, ctorch_tensor indices);
ctorch_tensor ctorch_layer_norm(ctorch_tensor input, ctorch_tensor weight, ctorch_tensor bias, double epsilon);
ctorch_tensor ctorch_rms_norm(ctorch_tensor input, ctorch_tensor weight, double epsilon);
// silu(gate) · up, element by element.
ctorch_tensor ctorch_swiglu(ctorch_tensor gate, ctorch_tensor up);
// Rotates input [tokens, heads, head size] by the angles whose cosine and sine are [tokens, rotated / 2]: element i of
// the first half of the rotated part pairs with element i of its second half.
ctorch_tensor ctorch_rotary(ctorch_tensor input, ctorch_tensor cosine, ctorch_tensor sine);
// Up to three linear layers of one input [tokens, in], each with LoRA factors: outputs[i] = x·Wᵢᵀ + bᵢ + scaleᵢ·(x·Aᵢᵀ)·Bᵢᵀ.
// W [out, in] gets no gradient; bias may be NULL; A [rank, in] and B [out, rank] are float32.
bool ctorch_lora_linear(ctorch_tensor input, int64_t count, const ctorch_tensor *weights, const ctorch_tensor *biases,
                        const ctorch_tensor *a, const ctorch_tensor *b, const double *scales, ctorch_tensor *outputs);
// Causal attention inside each row of a packed batch. query [tokens, heads, size], key and value [tokens, key heads,
// size]; row r is tokens offsets[r] ..< offsets[r + 1]. Rows never see each other.
ctorch_tensor ctorch_packed_attention(ctorch_tensor query, ctorch_tensor key, ctorch_tensor value,
                                      const int64_t *offsets, int64_t rows, double scale);
// The same with earlier keys and values in a cache [slots, key heads, capacity, size]: row r's new tokens are written at
// position starts[r] of slot slots[r] and attend to everything up to themselves. With `keep` false they are not written,
// so that many rows may go on from one slot. Outside autograd.
ctorch_tensor ctorch_cached_attention(ctorch_tensor query, ctorch_tensor key, ctorch_tensor value,
                                      ctorch_tensor key_cache, ctorch_tensor value_cache, const int64_t *offsets,
                                      const int64_t *slots, const int64_t *starts, int64_t rows, bool keep, double scale);
// Negative log-likelihood of targets [n] under softmax(hidden [n, width] · weightᵀ [width, vocabulary]), one float32 a
// row; the [n, vocabulary] matrix exists only `chunk` rows at a time.
ctorch_tensor ctorch_head_cross_entropy(ctorch_tensor hidden, ctorch_tensor weight, ctorch_tensor targets,
                                        int64_t chunk);

// Distance of the distribution p of hidden · weightᵀ from a fixed q, one float32 a row: the cross-entropy −Σ q·log p, or
// KL(q‖p) with `less_entropy`. q = softmax of reference_hidden · reference_weightᵀ with `shift` taken off the logit of the
// target (∞ leaves it out). reference_hidden NULL: q is made of p's own logits; reference_weight NULL: weight.
ctorch_tensor ctorch_head_divergence(ctorch_tensor hidden, ctorch_tensor weight, ctorch_tensor reference_hidden,
                                     ctorch_tensor reference_weight, ctorch_tensor targets, double shift,
                                     bool less_entropy, int64_t chunk);

// Figures of targets [n] under the same distribution p, outside autograd. `figures`, float32 [3, n], gets the negative
// log-likelihood, μ = Σ p·log p and Σ p·(log p − μ)² over the vocabulary; `predictions`, int64 [n], the most likely token.
bool ctorch_head_token_statistics(ctorch_tensor hidden, ctorch_tensor weight, ctorch_tensor targets, int64_t chunk,
                                  ctorch_tensor *figures, ctorch_tensor *predictions);

// Optimiser ----------------------------------------------------------------------------------------------------------

// AdamW's update direction (Loshchilov and Hutter 2019), in place on float32 tensors of one shape: both moments take the
// gradient in, and the gradient becomes m / (1 − β1ᵗ) / (√(v / (1 − β2ᵗ)) + ε).
bool ctorch_adamw_direction(ctorch_tensor gradient, ctorch_tensor first_moment, ctorch_tensor second_moment,
                            int64_t step, double beta1, double beta2, double epsilon);

// Processes ----------------------------------------------------------------------------------------------------------

// Processes that compute one result together; NULL on failure. Each says its rank, 0 ..< size, and waits for all others, for
// `patience` seconds at most.
typedef struct ctorch_group_s *ctorch_group;

// All of them on this machine, on its loopback interface; they meet in a file that none has used before.
ctorch_group ctorch_group_join_file(const char *path, int rank, int size, double patience);
// They meet at a port of a host. `serves`: this process opens it. A prefix is of a store that others serve and share.
ctorch_group ctorch_group_join_tcp(const char *host, int port, bool serves, const char *prefix, int rank, int size,
                                   double patience);
void ctorch_group_leave(ctorch_group group);
// In place of each tensor, the sum over all processes, the same bits in all of them. The tensors of a call have one dtype.
bool ctorch_group_sum(ctorch_group group, const ctorch_tensor *tensors, int64_t count, double patience);

#ifdef __cplusplus
}
#endif
