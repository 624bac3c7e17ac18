// Stands in for Gloo's own header, which LibTorch's packages leave out although LibTorch's header of its Gloo group, which
// process_group.cpp includes, wants it. That header only points to Gloo's types; what is declared in this folder is what it
// takes to read it. Nothing here is called or derived from.
#pragma once

#include <chrono>

namespace gloo {

class Context {
 public:
  void setTimeout(std::chrono::milliseconds timeout);
};

}  // namespace gloo
