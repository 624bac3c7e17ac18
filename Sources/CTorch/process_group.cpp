// Processes that compute together: LibTorch's c10d over Gloo.
#include "guard.hpp"

#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

using namespace ctorch;

struct ctorch_group_s {
  c10::intrusive_ptr<c10d::ProcessGroupGloo> value;
};

namespace {

// What is sent at a time where there are many tensors: DistributedDataParallel's buckets are of this size too.
constexpr int64_t bucket_bytes = 25 << 20;

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

// LibTorch before 2.9 takes no other time for an operation than that of the group, which must then be the longest.
constexpr std::chrono::hours longest_operation{24};

ctorch_group join(const c10::intrusive_ptr<c10d::Store> &store, bool local, int rank, int size, double patience) {
  using Gloo = c10d::ProcessGroupGloo;
  std::vector<std::string> members;
  for (int member = 0; member < size; ++member) members.push_back("member/" + std::to_string(member));
  store->set(members[static_cast<std::size_t>(rank)], std::vector<uint8_t>{1});
  store->wait(members, milliseconds(patience));
  auto options = Gloo::Options::create(longest_operation);
  // The variable's name is that of Gloo under PyTorch.
  const char *interface = std::getenv("GLOO_SOCKET_IFNAME");
  if (local) {
    options->devices.push_back(Gloo::createDeviceForHostname("127.0.0.1"));
  } else if (interface != nullptr && *interface != 0) {
    options->devices.push_back(Gloo::createDeviceForInterface(interface));
  } else {
    options->devices.push_back(Gloo::createDefaultDevice());
  }
  return new ctorch_group_s{c10::make_intrusive<Gloo>(store, rank, size, options)};
}

}  // namespace

ctorch_group ctorch_group_join_file(const char *path, int rank, int size, double patience) {
  return guarded<ctorch_group>(nullptr, [&] {
    return join(c10::make_intrusive<c10d::FileStore>(path, size), true, rank, size, patience);
  });
}

ctorch_group ctorch_group_join_tcp(const char *host, int port, bool serves, const char *prefix, int rank, int size,
                                   double patience) {
  return guarded<ctorch_group>(nullptr, [&] {
    c10d::TCPStoreOptions options;
    options.port = static_cast<uint16_t>(port);
    options.isServer = serves;
    options.timeout = milliseconds(patience);
    options.waitWorkers = false;
    c10::intrusive_ptr<c10d::Store> store = c10::make_intrusive<c10d::TCPStore>(host, options);
    if (*prefix != 0) store = c10::make_intrusive<c10d::PrefixStore>(prefix, store);
    std::string name = host;
    return join(store, name == "127.0.0.1" || name == "localhost" || name == "::1", rank, size, patience);
  });
}

void ctorch_group_leave(ctorch_group group) { delete group; }

bool ctorch_group_sum(ctorch_group group, const ctorch_tensor *tensors, int64_t count, double patience) {
  return done([&] {
    c10d::AllreduceCoalescedOptions options;
    options.timeout = milliseconds(patience);
    int64_t index = 0;
    while (index < count) {
      std::vector<at::Tensor> bucket;
      int64_t bytes = 0;
      do {
        bucket.push_back(tensors[index++]->value);
        TORCH_CHECK(bucket.back().is_contiguous(), "the tensor is not contiguous");
        bytes += static_cast<int64_t>(bucket.back().nbytes());
      } while (index < count && bytes + static_cast<int64_t>(tensors[index]->value.nbytes()) <= bucket_bytes);
      if (bucket.size() == 1) {
        group->value->allreduce(bucket, options)->wait();
      } else {
        group->value->allreduce_coalesced(bucket, options)->wait();
      }
    }
  });
}
