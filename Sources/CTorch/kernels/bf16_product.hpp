// Matrix products in bfloat16 with float32 accumulation on one thread, for machines whose vector unit multiplies bfloat16
// pairs (AVX512-BF16): packing, the tile that sums, and small products whose operands fit the cache.
#pragma once

#include <cstdint>

// Functions that use these instructions; they are called only where available() says so.
#if defined(__x86_64__)
#define CTORCH_BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
#endif

namespace ctorch::bf16 {

using Bits = uint16_t;  // a bfloat16

// Whether this machine and this build have the instructions.
bool available();

constexpr int64_t lanes = 16;
inline int64_t padded(int64_t count) { return (count + lanes - 1) / lanes * lanes; }

// A matrix b[k, n] is packed as pairs along k: [k/2][columns][2], `columns` = padded(n), zeros where b has no element.
// An odd k is padded with a zero row.

// b[k, n] with rows of n values, `stride` apart.
void pack_rows(Bits *packed, int64_t columns, const Bits *source, int64_t stride, int64_t k, int64_t n);
// b = sourceᵀ: source has n rows of k values, `stride` apart; they become columns `first` ..< first + n, and the columns
// after them zero.
void pack_columns(Bits *packed, int64_t columns, int64_t first, const Bits *source, int64_t stride, int64_t k,
                  int64_t n);

// A part of a sum of products: rows of the left, `stride` apart, and a packed right of which some columns are used.
struct Segment {
  const Bits *left;
  int64_t stride;
  const Bits *packed;
  int64_t columns;
  int64_t pairs;
};

// Where the sums of some columns come from and go to.
struct Sums {
  const float *from;      // what is added to, or null
  float *to;              // whole vectors of sums for later, or null: the result is written
  int64_t between;        // stride of `from` and `to`
  void *result;           // [m, n] at the first column
  int64_t stride, width;  // n; the columns that exist
  bool is_float;          // or bfloat16
  float scale;
};

// How many vectors of columns sum_segments takes at most: what the registers hold beside several rows.
constexpr int64_t most_vectors = 3;

// Rows begin ..< end of Σ left · right, over `vectors` vectors of columns.
void sum_segments(const Segment *segments, int64_t count, int64_t vectors, int64_t begin, int64_t end,
                  const Sums &target);

// c[m, n] = a[m, k] · b, or += with `accumulate`. a has rows of k values `a_stride` apart (k is rounded up to an even
// number: that value must be there, and zero in a or in b); c has room for padded(n) columns.
void multiply(const Bits *a, int64_t a_stride, const Bits *packed, int64_t columns, float *c, int64_t c_stride,
              int64_t m, int64_t n, int64_t k, bool accumulate);

// target[i] = bfloat16(source[i] · factor), to nearest even.
void narrow(Bits *target, const float *source, int64_t count, float factor);

}  // namespace ctorch::bf16
