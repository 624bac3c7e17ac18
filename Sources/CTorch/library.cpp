#include "guard.hpp"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/cpu/Utils.h>
#include <dlfcn.h>
#include <torch/version.h>

namespace ctorch {

std::string &last_error() {
  thread_local std::string message;
  return message;
}

}  // namespace ctorch

const char *ctorch_last_error(void) { return ctorch::last_error().c_str(); }

const char *ctorch_version(void) { return TORCH_VERSION; }

const char *ctorch_cpu_capability(void) {
  thread_local std::string name;
  return ctorch::guarded<const char *>("unknown", [&] {
    name = at::get_cpu_capability();
    return name.c_str();
  });
}

const char *ctorch_library_path(void) {
  thread_local std::string path;
  return ctorch::guarded<const char *>("unknown", [&] {
    Dl_info information;
    bool found = dladdr(reinterpret_cast<const void *>(&at::get_num_threads), &information) != 0;
    path = found && information.dli_fname != nullptr ? information.dli_fname : "unknown";
    return path.c_str();
  });
}

const char *ctorch_cpu_features(void) {
  thread_local std::string names;
  return ctorch::guarded<const char *>("unknown", [&] {
    names.clear();
    auto add = [&](const char *name, bool is_there) {
      if (is_there) names += (names.empty() ? "" : " ") + std::string(name);
    };
#if defined(__x86_64__)
    __builtin_cpu_init();
    add("avx2", __builtin_cpu_supports("avx2"));
    add("fma", __builtin_cpu_supports("fma"));
    add("avx512f", __builtin_cpu_supports("avx512f"));
    add("avx512vnni", __builtin_cpu_supports("avx512vnni"));
    add("avx512bf16", __builtin_cpu_supports("avx512bf16"));
    add("amx-bf16", __builtin_cpu_supports("amx-bf16"));
#elif defined(__aarch64__)
    add("neon", true);
#endif
    if (names.empty()) names = "none that is looked for";
    return names.c_str();
  });
}

int ctorch_bfloat16_hardware(void) {
  return ctorch::guarded<int>(0, [] {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("amx-bf16")) return 2;
    if (__builtin_cpu_supports("avx512bf16")) return 1;
#endif
    return 0;
  });
}

#if defined(__x86_64__) && defined(__linux__)
// MKL, which is part of LibTorch on x86-64, asks this of itself before it looks at what instructions there are, and takes
// slower code on processors of other makers. Defined here it is the answer that MKL finds first; which instructions it
// uses still follows from those of the processor. A product of 2048³ in float32: 121 GFLOP/s without, 141 with, on two
// cores of Zen 3; [256, 576] · [576, 49152]: 79 and 121.
extern "C" int mkl_serv_intel_cpu_true(void) { return 1; }
#endif

bool ctorch_set_threads(int count) {
  return ctorch::done([&] { at::set_num_threads(count); });
}

int ctorch_threads(void) {
  return ctorch::guarded<int>(1, [] { return at::get_num_threads(); });
}

bool ctorch_cuda_available(void) {
  return ctorch::guarded<bool>(false, [] { return at::hasCUDA(); });
}

bool ctorch_mps_available(void) {
  return ctorch::guarded<bool>(false, [] { return at::hasMPS(); });
}
