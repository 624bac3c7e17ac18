#include "parallel.hpp"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <exception>

namespace ctorch {

namespace {

// Waking a thread and waiting for it costs some microseconds, longer on a busy machine: tens of thousands of operations.
constexpr int64_t worth_a_thread = 32768;

using Region = void (*)(void *);

// GCC's OpenMP ABI, which libgomp and LLVM's libomp both export.
struct Runtime {
  void (*parallel)(Region, void *, unsigned, unsigned) = nullptr;
  int (*thread_number)() = nullptr;
  int (*thread_count)() = nullptr;
  int (*in_parallel)() = nullptr;

  Runtime() {
    auto find = [](auto &function, const char *name) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(RTLD_DEFAULT, name));
    };
    find(parallel, "GOMP_parallel");
    find(thread_number, "omp_get_thread_num");
    find(thread_count, "omp_get_num_threads");
    find(in_parallel, "omp_in_parallel");
  }
  bool usable() const { return parallel && thread_number && thread_count && in_parallel; }
};

const Runtime &runtime() {
  static const Runtime found;
  return found;
}

// What the threads of one region share. The first exception is kept; an exception must not leave a region.
struct Team {
  const std::function<void(int64_t, int64_t)> &run;  // (thread, threads)
  std::exception_ptr error = nullptr;
  std::atomic_flag failed = ATOMIC_FLAG_INIT;
};

void enter(void *data) {
  auto &team = *static_cast<Team *>(data);
  try {
    team.run(runtime().thread_number(), runtime().thread_count());
  } catch (...) {
    if (!team.failed.test_and_set()) team.error = std::current_exception();
  }
}

void run_team(int64_t threads, const std::function<void(int64_t, int64_t)> &run) {
  if (threads <= 1 || !runtime().usable() || runtime().in_parallel()) {
    run(0, 1);
    return;
  }
  Team team{run};
  runtime().parallel(enter, &team, static_cast<unsigned>(threads), 0);
  if (team.error) std::rethrow_exception(team.error);
}

}  // namespace

void parallel_for(int64_t begin, int64_t end, int64_t cost, const std::function<void(int64_t, int64_t)> &body) {
  int64_t count = end - begin;
  if (count <= 0) return;
  int64_t pieces = std::min(count, count * std::max<int64_t>(cost, 1) / worth_a_thread);
  run_team(std::min<int64_t>(at::get_num_threads(), pieces), [&](int64_t thread, int64_t threads) {
    int64_t from = begin + count * thread / threads, to = begin + count * (thread + 1) / threads;
    if (from < to) body(from, to);
  });
}

void parallel_items(int64_t count, int64_t cost, const std::function<void(int64_t)> &body) {
  std::atomic<int64_t> next{0};
  int64_t pieces = std::min(count, cost / worth_a_thread);
  run_team(std::min<int64_t>(at::get_num_threads(), pieces), [&](int64_t, int64_t) {
    for (int64_t index = next++; index < count; index = next++) body(index);
  });
}

}  // namespace ctorch
