#include "vector.hpp"
#include "../guard.hpp"

#include <atomic>

namespace ctorch {

static std::atomic<bool> use_compositions{false};

bool composed_only() { return use_compositions.load(std::memory_order_relaxed); }

}  // namespace ctorch

void ctorch_set_composed(bool composed) { ctorch::use_compositions.store(composed, std::memory_order_relaxed); }
