// The one place where C++ exceptions stop: every C function runs its body through guarded().
#pragma once

#include "ctorch.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <string>

struct ctorch_tensor_s {
  at::Tensor value;
};

namespace ctorch {

std::string &last_error();

// Runs body; on any exception keeps the message and returns `failed`.
template <typename Result, typename Body>
Result guarded(Result failed, Body &&body) noexcept {
  try {
    return body();
  } catch (const c10::Error &error) {
    last_error() = error.what_without_backtrace();
  } catch (const std::exception &error) {
    last_error() = error.what();
  } catch (...) {
    last_error() = "unknown C++ exception";
  }
  return failed;
}

// A body that gives an at::Tensor, as an owned handle.
template <typename Body>
ctorch_tensor tensor(Body &&body) noexcept {
  return guarded<ctorch_tensor>(nullptr, [&] { return new ctorch_tensor_s{body()}; });
}

// A body that gives nothing, as a success flag.
template <typename Body>
bool done(Body &&body) noexcept {
  return guarded<bool>(false, [&] {
    body();
    return true;
  });
}

inline at::IntArrayRef shape(const int64_t *sizes, int64_t rank) { return {sizes, static_cast<size_t>(rank)}; }

at::ScalarType scalar_type(ctorch_dtype dtype);

}  // namespace ctorch
