// Reading the text columns of a Parquet file through Apache Arrow C++.
//
// No function throws or ends the process: a failure is a return value and, where there is room for one, a message.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A Parquet file in memory. Not safe for use from two threads at once.
typedef struct cparquet_file cparquet_file;

/// What a column's values are.
typedef enum cparquet_kind {
  /// Bytes that are text; the UTF-8 is not checked.
  CPARQUET_TEXT = 0,
  /// Integers, given as decimal text.
  CPARQUET_INTEGER = 1,
  /// Nothing but nulls, of no type.
  CPARQUET_NULL = 2,
} cparquet_kind;

/// One column: value `i` is `bytes[offsets[i]] ..< bytes[offsets[i + 1]]`, and is null where `valid[i]` is 0.
typedef struct cparquet_column {
  cparquet_kind kind;
  /// The number of values.
  int64_t count;
  /// `count + 1` offsets, not decreasing, from 0.
  const int64_t *offsets;
  const uint8_t *bytes;
  /// `count` flags.
  const uint8_t *valid;
} cparquet_column;

/// Opens a file that lies in memory. `data` must outlive the handle.
///
/// Returns null, and fills `message` (NUL-terminated, cut to `capacity`), when the bytes are no Parquet file.
cparquet_file *cparquet_open(const void *data, size_t size, char *message, size_t capacity);

void cparquet_close(cparquet_file *file);

/// The number of rows that the file's footer states.
int64_t cparquet_row_count(const cparquet_file *file);

int32_t cparquet_column_count(const cparquet_file *file);

/// The name of a top-level column; null when there is none at `index`. Lives as long as the handle.
const char *cparquet_column_name(const cparquet_file *file, int32_t index);

/// The Arrow type of a column, such as `double` or `list<element: string>`. Lives as long as the handle.
const char *cparquet_column_type(const cparquet_file *file, int32_t index);

/// Reads one column. The buffers of `column` live until the next read or until the handle is closed.
///
/// Returns false, and fills `message`, when the data are damaged, the type is neither text nor integers, or the values
/// need more memory than a file of this size can account for.
bool cparquet_read_column(
  cparquet_file *file, int32_t index, cparquet_column *column, char *message, size_t capacity);

#ifdef __cplusplus
}
#endif
