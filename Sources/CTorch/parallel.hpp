// Loops over LibTorch's own thread pool.
//
// at::parallel_for is a header template whose body is parallel only in a file compiled with -fopenmp, and then only for
// the OpenMP runtime of that compiler. Here the runtime that LibTorch brings along is called by its ABI, so that there is
// one team of threads whatever compiler builds this file.
#pragma once

#include <cstdint>
#include <functional>

namespace ctorch {

// Runs body(begin, end) over pieces of begin ..< end, one piece a thread. `cost` is the work of one index in element
// operations, more or less: a thread is only woken for a piece that is worth it. Serial inside another parallel loop, and
// where the runtime has no entry point of this kind. An exception of the body is rethrown.
void parallel_for(int64_t begin, int64_t end, int64_t cost, const std::function<void(int64_t, int64_t)> &body);

// Runs body(index) for every index in 0 ..< count, `cost` being the work of all of them. Threads take the next index when
// they are done with one, so that unequal pieces end together; give the largest ones first.
void parallel_items(int64_t count, int64_t cost, const std::function<void(int64_t)> &body);

}  // namespace ctorch
