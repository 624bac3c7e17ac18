// Stands in for Gloo's own header, which LibTorch's packages leave out although LibTorch's header of its Gloo group, which
// process_group.cpp includes, wants it. What is declared in this folder is what it takes to read that header; nothing of it is
// called here, and no object of a class that derives from it is made.
#pragma once

#include <chrono>

namespace gloo {

class Context {
 public:
  void setTimeout(std::chrono::milliseconds timeout);
};

}  // namespace gloo
