#include "large_product.hpp"
#include "bf16_product.hpp"
#include "vector.hpp"

#include "../parallel.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

namespace ctorch {

namespace {

using bf16::Bits;
using bf16::lanes;

// A panel is this many columns of the result; its part of a right-hand matrix is packed for `inner_block` of the inner
// dimension at a time, which is what the second-level cache holds beside the rows of the left.
constexpr int64_t panel_columns = bf16::most_vectors * lanes, inner_block = 2048;

const Bits *bits(const at::Tensor &tensor) {
  return reinterpret_cast<const Bits *>(tensor.const_data_ptr<at::BFloat16>());
}

int64_t inner(const Product &product) { return product.right.size(product.transposed ? 1 : 0); }
int64_t columns(const Product &product) { return product.right.size(product.transposed ? 0 : 1); }

// Packs `count` of the inner dimension from `from` on, for the columns of one panel.
void pack(Bits *packed, const Product &product, int64_t from, int64_t count, int64_t column, int64_t width) {
  int64_t stride = product.right.stride(0), panel = bf16::padded(width);
  const Bits *source = bits(product.right);
  if (product.transposed)
    bf16::pack_columns(packed, panel, 0, source + column * stride + from, stride, count, width);
  else
    bf16::pack_rows(packed, panel, source + from * stride + column, stride, count, width);
}

struct Scratch {
  std::vector<Bits> packed;
  std::vector<float> sums;
  std::vector<bf16::Segment> segments;
};

void multiply_panel(const std::vector<Product> &products, int64_t column, int64_t width, int64_t begin, int64_t end,
                    bf16::Sums target) {
  thread_local Scratch scratch;
  int64_t total = 0;
  for (const auto &product : products) total += (inner(product) + 1) / 2 * 2;
  scratch.packed.resize(static_cast<size_t>(std::min(total, inner_block) * panel_columns));
  if (total > inner_block) scratch.sums.resize(static_cast<size_t>((end - begin) * panel_columns));
  // Sums of row `begin` lie first.
  float *between = scratch.sums.data() - begin * panel_columns;
  int64_t done = 0;
  size_t index = 0;
  int64_t from = 0;  // in products[index]
  while (index < products.size()) {
    scratch.segments.clear();
    int64_t filled = 0;
    while (index < products.size() && filled < inner_block) {
      const auto &product = products[index];
      int64_t count = std::min(inner(product) - from, inner_block - filled);
      Bits *packed = scratch.packed.data() + filled * bf16::padded(width);
      pack(packed, product, from, count, column, width);
      scratch.segments.push_back(
          {bits(product.left) + from, product.left.stride(0), packed, bf16::padded(width), (count + 1) / 2});
      filled += (count + 1) / 2 * 2;
      from += count;
      if (from == inner(product)) {
        ++index;
        from = 0;
      }
    }
    target.from = done > 0 ? between : nullptr;
    done += filled;
    target.to = index < products.size() ? between : nullptr;
    bf16::sum_segments(scratch.segments.data(), static_cast<int64_t>(scratch.segments.size()),
                       bf16::padded(width) / lanes, begin, end, target);
  }
}

// How many blocks of rows give the threads equal shares of the panels.
int64_t row_blocks(int64_t panels, int64_t rows, int64_t threads) {
  int64_t blocks = 1;
  while (blocks < threads && panels * blocks % threads != 0 && panels * blocks < 8 * threads) ++blocks;
  return std::min(blocks, std::max<int64_t>(rows / 8, 1));
}

// One panel and block of rows of one sum.
struct Item {
  const SumOfProducts *sum;
  const at::Tensor *result;
  int64_t column, begin, end;
};

void multiply(const Item &item) {
  const auto &sum = *item.sum;
  int64_t n = item.result->size(1), width = std::min(panel_columns, n - item.column);
  bool is_float = sum.type == at::kFloat;
  char *first = static_cast<char *>(item.result->data_ptr()) + item.column * (is_float ? 4 : 2);
  multiply_panel(sum.products, item.column, width, item.begin, item.end,
                 {nullptr, nullptr, panel_columns, first, n, width, is_float, static_cast<float>(sum.scale)});
}

// Rows of bfloat16 that lie one after the other, an even number of them in the inner dimension on the left.
bool is_usable(const Product &product) {
  auto rows = [](const at::Tensor &tensor) {
    return tensor.device().is_cpu() && tensor.scalar_type() == at::kBFloat16 && tensor.dim() == 2 &&
           (tensor.stride(1) == 1 || tensor.size(1) == 1) && tensor.numel() > 0;
  };
  return rows(product.left) && rows(product.right) && product.left.size(1) >= (inner(product) + 1) / 2 * 2;
}

// The same by LibTorch, one term after the other. Its products of bfloat16 crawl on a processor without the instructions,
// so that those are taken in float32, in which each operand is exact.
at::Tensor composed(const SumOfProducts &sum) {
  at::Tensor result;
  auto operand = [widens = !composed_only() && !bf16::available()](const at::Tensor &tensor) {
    return widens && tensor.device().is_cpu() && tensor.scalar_type() == at::kBFloat16 ? tensor.to(at::kFloat) : tensor;
  };
  for (const auto &product : sum.products) {
    auto left = operand(product.left.narrow(1, 0, inner(product)));
    auto right = operand(product.transposed ? product.right.t() : product.right);
    if (result.defined())
      result.addmm_(left, right);
    else
      result = at::mm(left, right);
  }
  result = result.to(sum.type);
  return sum.scale == 1 ? result : result.mul_(sum.scale);
}

}  // namespace

std::vector<at::Tensor> sums_of_products(const std::vector<SumOfProducts> &sums) {
  bool has_kernel = !composed_only() && bf16::available();
  std::vector<at::Tensor> results(sums.size());
  std::vector<Item> items;
  int64_t work = 0, threads = at::get_num_threads();
  for (size_t index = 0; index < sums.size(); ++index) {
    const auto &sum = sums[index];
    if (!has_kernel || !std::all_of(sum.products.begin(), sum.products.end(), is_usable)) {
      results[index] = composed(sum);
      continue;
    }
    const auto &product = sum.products[0];
    int64_t m = product.left.size(0), n = columns(product), panels = (n + panel_columns - 1) / panel_columns;
    results[index] = at::empty({m, n}, product.left.options().dtype(sum.type).requires_grad(false));
    int64_t blocks = row_blocks(panels, m, threads);
    for (int64_t panel = 0; panel < panels; ++panel)
      for (int64_t block = 0; block < blocks; ++block)
        items.push_back({&sum, &results[index], panel * panel_columns, m * block / blocks, m * (block + 1) / blocks});
    for (const auto &term : sum.products) work += m * n * inner(term) / 32;
  }
  parallel_items(static_cast<int64_t>(items.size()), work,
                 [&](int64_t item) { multiply(items[static_cast<size_t>(item)]); });
  return results;
}

at::Tensor transposed_left(const at::Tensor &matrix) {
  int64_t m = matrix.size(0);
  auto rows = at::empty({matrix.size(1), m + m % 2}, matrix.options().requires_grad(false));
  rows.narrow(1, 0, m).copy_(matrix.t());
  if (m % 2 != 0) rows.select(1, m).zero_();
  return rows;
}

Product bias_term(const at::Tensor &bias, int64_t m) {
  auto one = at::zeros({1, 2}, bias.options().requires_grad(false));
  one.select(1, 0).fill_(1);
  return {one.expand({m, 2}), bias.unsqueeze(0), false};
}

}  // namespace ctorch
