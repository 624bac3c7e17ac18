#include "guard.hpp"

#include <cstring>
#include <limits>

namespace ctorch {

at::ScalarType scalar_type(ctorch_dtype dtype) {
  switch (dtype) {
    case ctorch_float32: return at::kFloat;
    case ctorch_bfloat16: return at::kBFloat16;
    case ctorch_float16: return at::kHalf;
    case ctorch_int64: return at::kLong;
    case ctorch_bool: return at::kBool;
    case ctorch_float64: return at::kDouble;
    case ctorch_int32: return at::kInt;
    case ctorch_uint8: return at::kByte;
  }
  TORCH_CHECK(false, "unknown dtype ", static_cast<int>(dtype));
}

// Elements × width of one, refused when it does not fit.
static int64_t checked_bytes(at::IntArrayRef sizes, at::ScalarType type) {
  int64_t bytes = static_cast<int64_t>(c10::elementSize(type));
  for (int64_t size : sizes) {
    TORCH_CHECK(size >= 0, "negative size in shape ", sizes);
    TORCH_CHECK(!__builtin_mul_overflow(bytes, size, &bytes), "shape ", sizes, " is too large");
  }
  return bytes;
}

}  // namespace ctorch

using namespace ctorch;

void ctorch_free(ctorch_tensor tensor) { delete tensor; }

ctorch_tensor ctorch_from_bytes(const void *bytes, int64_t byte_count, const int64_t *sizes, int64_t rank,
                                ctorch_dtype dtype) {
  return tensor([&] {
    auto type = scalar_type(dtype);
    int64_t needed = checked_bytes(shape(sizes, rank), type);
    TORCH_CHECK(needed == byte_count, "shape ", shape(sizes, rank), " needs ", needed, " bytes, got ", byte_count);
    auto result = at::empty(shape(sizes, rank), type);
    if (needed > 0) std::memcpy(result.data_ptr(), bytes, static_cast<size_t>(needed));
    return result;
  });
}

ctorch_tensor ctorch_from_memory(const void *bytes, const int64_t *sizes, int64_t rank, ctorch_dtype dtype,
                                 void (*release)(void *), void *context) {
  return tensor([&] {
    auto type = scalar_type(dtype);
    checked_bytes(shape(sizes, rank), type);
    return at::from_blob(
        const_cast<void *>(bytes), shape(sizes, rank), [release, context](void *) { release(context); },
        at::TensorOptions().dtype(type));
  });
}

ctorch_tensor ctorch_full(const int64_t *sizes, int64_t rank, double value, ctorch_dtype dtype) {
  return tensor([&] {
    checked_bytes(shape(sizes, rank), scalar_type(dtype));
    return at::full(shape(sizes, rank), value, at::TensorOptions().dtype(scalar_type(dtype)));
  });
}

ctorch_tensor ctorch_empty(const int64_t *sizes, int64_t rank, ctorch_dtype dtype) {
  return tensor([&] {
    checked_bytes(shape(sizes, rank), scalar_type(dtype));
    return at::empty(shape(sizes, rank), at::TensorOptions().dtype(scalar_type(dtype)));
  });
}

int64_t ctorch_rank(ctorch_tensor tensor) { return tensor->value.dim(); }

int64_t ctorch_size(ctorch_tensor tensor, int64_t dimension) {
  return guarded<int64_t>(-1, [&] { return tensor->value.size(dimension); });
}

int64_t ctorch_count(ctorch_tensor tensor) { return tensor->value.numel(); }

int64_t ctorch_byte_count(ctorch_tensor tensor) { return static_cast<int64_t>(tensor->value.nbytes()); }

int ctorch_dtype_of(ctorch_tensor tensor) {
  switch (tensor->value.scalar_type()) {
    case at::kFloat: return ctorch_float32;
    case at::kBFloat16: return ctorch_bfloat16;
    case at::kHalf: return ctorch_float16;
    case at::kLong: return ctorch_int64;
    case at::kBool: return ctorch_bool;
    case at::kDouble: return ctorch_float64;
    case at::kInt: return ctorch_int32;
    case at::kByte: return ctorch_uint8;
    default: return -1;
  }
}

bool ctorch_copy_out(ctorch_tensor tensor, void *destination, int64_t byte_count) {
  return done([&] {
    auto source = tensor->value.detach().to(at::kCPU).contiguous();
    TORCH_CHECK(static_cast<int64_t>(source.nbytes()) == byte_count, "tensor has ", source.nbytes(),
                " bytes, destination has ", byte_count);
    if (byte_count > 0) std::memcpy(destination, source.data_ptr(), static_cast<size_t>(byte_count));
  });
}

bool ctorch_item(ctorch_tensor tensor, double *value) {
  return done([&] {
    TORCH_CHECK(tensor->value.numel() == 1, "expected one element, got shape ", tensor->value.sizes());
    *value = tensor->value.detach().to(at::kCPU, at::kDouble).item<double>();
  });
}

ctorch_tensor ctorch_to_dtype(ctorch_tensor input, ctorch_dtype dtype) {
  return tensor([&] { return input->value.to(scalar_type(dtype)); });
}

ctorch_tensor ctorch_contiguous(ctorch_tensor input) {
  return tensor([&] { return input->value.contiguous(); });
}

ctorch_tensor ctorch_clone(ctorch_tensor input) {
  return tensor([&] { return input->value.clone(at::MemoryFormat::Contiguous); });
}

ctorch_tensor ctorch_detach(ctorch_tensor input) {
  return tensor([&] { return input->value.detach(); });
}

const void *ctorch_data(ctorch_tensor input) {
  return guarded<const void *>(nullptr, [&] {
    TORCH_CHECK(input->value.device().is_cpu() && input->value.is_contiguous(), "expected a contiguous CPU tensor");
    return static_cast<const void *>(input->value.data_ptr());
  });
}
