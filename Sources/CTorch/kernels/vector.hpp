// What the CPU kernels share: one source compiled for several instruction sets, an exponential that vectorises, and
// loads and stores that compute in float32 whatever the storage.
#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

// The loader picks the widest of these that the machine has.
#if defined(__x86_64__) && defined(__linux__)
#define CTORCH_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CTORCH_CLONES
#endif
#define CTORCH_INLINE inline __attribute__((always_inline))

namespace ctorch {

// e^x to about 1 unit in the last place for x ≤ 88; below −87 it is 0. Cephes' range reduction and polynomial.
CTORCH_INLINE float exponential(float x) {
  float clamped = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
  float shifted = clamped * 1.44269504088896341f + 12582912.0f;
  float power = shifted - 12582912.0f;
  float rest = clamped - power * 0.693359375f - power * -2.12194440e-4f;
  float series = 1.9875691500e-4f;
  series = series * rest + 1.3981999507e-3f;
  series = series * rest + 8.3334519073e-3f;
  series = series * rest + 4.1665795894e-2f;
  series = series * rest + 1.6666665459e-1f;
  series = series * rest + 5.0000001201e-1f;
  float value = series * rest * rest + rest + 1.0f;
  int32_t bits;
  std::memcpy(&bits, &shifted, 4);
  bits = (bits - 0x4B400000 + 127) << 23;
  float scale;
  std::memcpy(&scale, &bits, 4);
  return x < -87.0f ? 0.0f : value * scale;
}

CTORCH_INLINE float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

CTORCH_INLINE float load(const float *pointer) { return *pointer; }
CTORCH_INLINE void store(float *pointer, float value) { *pointer = value; }
CTORCH_INLINE float round_to(const float *, float value) { return value; }

CTORCH_INLINE float load(const at::BFloat16 *pointer) {
  uint32_t bits = static_cast<uint32_t>(pointer->x) << 16;
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}
// Round to nearest even; a NaN stays a NaN because its quiet bit is in the kept half.
CTORCH_INLINE void store(at::BFloat16 *pointer, float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
  pointer->x = static_cast<uint16_t>(value != value ? 0x7FC0u : rounded);
}
CTORCH_INLINE float round_to(const at::BFloat16 *, float value) {
  at::BFloat16 rounded;
  store(&rounded, value);
  return load(&rounded);
}

// Sum and maximum of a vector's lanes, in halves: one lane after the other takes longer than what filled them.
template <int Count>
CTORCH_INLINE float sum_of(float (&lanes)[Count]) {
  for (int half = Count / 2; half > 0; half /= 2)
    for (int lane = 0; lane < half; ++lane) lanes[lane] += lanes[lane + half];
  return lanes[0];
}
CTORCH_INLINE float maximum_of(float (&lanes)[16]) {
  for (int half = 8; half > 0; half /= 2)
    for (int lane = 0; lane < half; ++lane)
      lanes[lane] = lanes[lane + half] > lanes[lane] ? lanes[lane + half] : lanes[lane];
  return lanes[0];
}

// The largest of `count` numbers; −∞ when none is a number.
template <typename T>
CTORCH_INLINE float maximum_of(const T *numbers, int64_t count) {
  float lanes[16];
  for (float &lane : lanes) lane = -INFINITY;
  int64_t index = 0;
  for (; index + 16 <= count; index += 16)
    for (int lane = 0; lane < 16; ++lane) {
      float value = load(numbers + index + lane);
      lanes[lane] = value > lanes[lane] ? value : lanes[lane];
    }
  float maximum = maximum_of(lanes);
  for (; index < count; ++index) maximum = load(numbers + index) > maximum ? load(numbers + index) : maximum;
  return maximum;
}

// values[i] = exp(numbers[i] − maximum), and their sum.
template <typename T>
CTORCH_INLINE float exponentials_of(const T *numbers, int64_t count, float maximum, float *values) {
  float lanes[16] = {};
  int64_t index = 0;
  for (; index + 16 <= count; index += 16)
    for (int lane = 0; lane < 16; ++lane) {
      float value = exponential(load(numbers + index + lane) - maximum);
      values[index + lane] = value;
      lanes[lane] += value;
    }
  float sum = sum_of(lanes);
  for (; index < count; ++index) sum += values[index] = exponential(load(numbers + index) - maximum);
  return sum;
}

// A scratch buffer that a thread keeps between calls.
inline float *scratch(std::vector<float> &buffer, int64_t count) {
  if (static_cast<int64_t>(buffer.size()) < count) buffer.resize(static_cast<size_t>(count));
  return buffer.data();
}

// True when every tensor is a contiguous CPU tensor of `type`.
template <typename... Tensors>
bool on_cpu(at::ScalarType type, const Tensors &...tensors) {
  return ((tensors.device().is_cpu() && tensors.scalar_type() == type && tensors.is_contiguous()) && ...);
}

// The dtypes with kernels of their own; others, and other devices, take the ATen composition.
inline bool has_kernel(const at::Tensor &tensor) {
  return tensor.device().is_cpu() && (tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kBFloat16);
}

// For tests: every operation takes its ATen composition.
bool composed_only();

}  // namespace ctorch
