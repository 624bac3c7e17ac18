#include "cparquet.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/io/memory.h>
#include <arrow/memory_pool.h>
#include <arrow/result.h>
#include <arrow/status.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

namespace {

// Sizes in a damaged file can be anything: allocations stop at what a file of this many bytes could plausibly hold.
constexpr int64_t base_limit = int64_t{1} << 30;
constexpr int64_t expansion_limit = 64;
constexpr int64_t batch_rows = 1 << 16;

int64_t memory_limit(size_t size) {
  const auto most = (std::numeric_limits<int64_t>::max() - base_limit) / expansion_limit;
  return base_limit + expansion_limit * static_cast<int64_t>(std::min<size_t>(size, static_cast<size_t>(most)));
}

void check(const arrow::Status &status) {
  if (!status.ok()) throw std::runtime_error(status.message());
}

template <typename Value>
Value unwrap(arrow::Result<Value> result) {
  check(result.status());
  return std::move(result).ValueUnsafe();
}

void report(const char *text, char *message, size_t capacity) {
  if (message == nullptr || capacity == 0) return;
  const auto length = std::min(std::strlen(text), capacity - 1);
  std::memcpy(message, text, length);
  message[length] = '\0';
}

/// Runs `body`; every exception becomes a message and `fallback`.
template <typename Result, typename Body>
Result guarded(Result fallback, char *message, size_t capacity, Body body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    report("not enough memory", message, capacity);
  } catch (const std::exception &error) {
    report(error.what(), message, capacity);
  } catch (...) {
    report("an unknown failure of Arrow", message, capacity);
  }
  return fallback;
}

/// Collects the values of a column as text.
class Collector {
 public:
  explicit Collector(int64_t limit) : limit_(limit) { clear(); }

  void clear() {
    bytes.clear();
    valid.clear();
    offsets.assign(1, 0);
    kind = CPARQUET_TEXT;
  }

  void append(const arrow::Array &array) {
    check(array.Validate());
    switch (array.type_id()) {
      case arrow::Type::STRING:
      case arrow::Type::BINARY: return append_text(static_cast<const arrow::BinaryArray &>(array));
      case arrow::Type::LARGE_STRING:
      case arrow::Type::LARGE_BINARY: return append_text(static_cast<const arrow::LargeBinaryArray &>(array));
      case arrow::Type::STRING_VIEW:
      case arrow::Type::BINARY_VIEW: return append_text(static_cast<const arrow::BinaryViewArray &>(array));
      case arrow::Type::DICTIONARY: return append_dictionary(static_cast<const arrow::DictionaryArray &>(array));
      case arrow::Type::NA:
        for (int64_t index = 0; index < array.length(); ++index) push({}, false);
        return;
      case arrow::Type::INT8: return append_integers(static_cast<const arrow::Int8Array &>(array));
      case arrow::Type::INT16: return append_integers(static_cast<const arrow::Int16Array &>(array));
      case arrow::Type::INT32: return append_integers(static_cast<const arrow::Int32Array &>(array));
      case arrow::Type::INT64: return append_integers(static_cast<const arrow::Int64Array &>(array));
      case arrow::Type::UINT8: return append_integers(static_cast<const arrow::UInt8Array &>(array));
      case arrow::Type::UINT16: return append_integers(static_cast<const arrow::UInt16Array &>(array));
      case arrow::Type::UINT32: return append_integers(static_cast<const arrow::UInt32Array &>(array));
      case arrow::Type::UINT64: return append_integers(static_cast<const arrow::UInt64Array &>(array));
      default: throw std::runtime_error("expected text or integers, found " + array.type()->ToString());
    }
  }

  std::vector<uint8_t> bytes;
  std::vector<int64_t> offsets;
  std::vector<uint8_t> valid;
  cparquet_kind kind = CPARQUET_TEXT;

 private:
  void push(std::string_view text, bool is_valid) {
    const auto room = limit_ - static_cast<int64_t>(bytes.size() + 9 * valid.size());
    if (room < 0 || text.size() > static_cast<size_t>(room)) {
      throw std::runtime_error("the values take more memory than a file of this size should");
    }
    if (is_valid) bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<int64_t>(bytes.size()));
    valid.push_back(is_valid ? 1 : 0);
  }

  template <typename Array>
  void append_text(const Array &array) {
    for (int64_t index = 0; index < array.length(); ++index) {
      const bool is_valid = array.IsValid(index);
      push(is_valid ? array.GetView(index) : std::string_view{}, is_valid);
    }
  }

  template <typename Array>
  void append_integers(const Array &array) {
    kind = CPARQUET_INTEGER;
    for (int64_t index = 0; index < array.length(); ++index) {
      const bool is_valid = array.IsValid(index);
      push(is_valid ? std::to_string(array.Value(index)) : std::string(), is_valid);
    }
  }

  void append_dictionary(const arrow::DictionaryArray &array) {
    Collector values(limit_);
    values.append(*array.dictionary());
    kind = values.kind;
    for (int64_t index = 0; index < array.length(); ++index) {
      if (!array.IsValid(index)) {
        push({}, false);
        continue;
      }
      const auto position = array.GetValueIndex(index);
      if (position < 0 || position >= static_cast<int64_t>(values.valid.size())) {
        throw std::runtime_error("a dictionary index lies outside of its dictionary");
      }
      const auto start = values.offsets[position];
      const auto *first = reinterpret_cast<const char *>(values.bytes.data()) + start;
      push({first, static_cast<size_t>(values.offsets[position + 1] - start)}, values.valid[position] != 0);
    }
  }

  int64_t limit_;
};

bool is_dictionary_or(const arrow::DataType &type, bool (*accepts)(arrow::Type::type)) {
  if (type.id() != arrow::Type::DICTIONARY) return accepts(type.id());
  return accepts(static_cast<const arrow::DictionaryType &>(type).value_type()->id());
}

bool is_text_or_integer(arrow::Type::type id) {
  return arrow::is_base_binary_like(id) || arrow::is_binary_view_like(id) || arrow::is_integer(id)
    || id == arrow::Type::NA;
}

}  // namespace

struct cparquet_file {
  explicit cparquet_file(int64_t limit)
      : pool(arrow::system_memory_pool(), limit), collector(limit) {}

  arrow::CappedMemoryPool pool;
  std::unique_ptr<parquet::arrow::FileReader> reader;
  std::shared_ptr<arrow::Schema> schema;
  std::vector<std::string> names;
  std::vector<std::string> types;
  int64_t rows = 0;
  Collector collector;
};

extern "C" cparquet_file *cparquet_open(const void *data, size_t size, char *message, size_t capacity) {
  return guarded<cparquet_file *>(nullptr, message, capacity, [&]() -> cparquet_file * {
    if (data == nullptr || size > static_cast<size_t>(std::numeric_limits<int64_t>::max())) {
      throw std::runtime_error("the file is empty");
    }
    auto file = std::make_unique<cparquet_file>(memory_limit(size));
    auto buffer = std::make_shared<arrow::Buffer>(static_cast<const uint8_t *>(data), static_cast<int64_t>(size));
    parquet::ArrowReaderProperties properties(/*use_threads=*/false);
    properties.set_pre_buffer(false);
    properties.set_batch_size(batch_rows);
    parquet::arrow::FileReaderBuilder builder;
    check(builder.Open(std::make_shared<arrow::io::BufferReader>(buffer), parquet::ReaderProperties(&file->pool)));
    builder.memory_pool(&file->pool)->properties(properties);
    file->reader = unwrap(builder.Build());
    check(file->reader->GetSchema(&file->schema));
    file->rows = file->reader->parquet_reader()->metadata()->num_rows();
    if (file->rows < 0) throw std::runtime_error("the footer states a negative number of rows");
    for (const auto &field : file->schema->fields()) {
      file->names.push_back(field->name());
      file->types.push_back(field->type()->ToString());
    }
    return file.release();
  });
}

extern "C" void cparquet_close(cparquet_file *file) {
  guarded<bool>(false, nullptr, 0, [&] {
    delete file;
    return true;
  });
}

extern "C" int64_t cparquet_row_count(const cparquet_file *file) { return file->rows; }

extern "C" int32_t cparquet_column_count(const cparquet_file *file) {
  return static_cast<int32_t>(file->names.size());
}

extern "C" const char *cparquet_column_name(const cparquet_file *file, int32_t index) {
  return index >= 0 && index < cparquet_column_count(file) ? file->names[index].c_str() : nullptr;
}

extern "C" const char *cparquet_column_type(const cparquet_file *file, int32_t index) {
  return index >= 0 && index < cparquet_column_count(file) ? file->types[index].c_str() : nullptr;
}

extern "C" bool cparquet_read_column(
  cparquet_file *file, int32_t index, cparquet_column *column, char *message, size_t capacity) {
  return guarded<bool>(false, message, capacity, [&] {
    if (index < 0 || index >= cparquet_column_count(file)) throw std::runtime_error("no such column");
    const auto &type = *file->schema->field(index)->type();
    if (!is_dictionary_or(type, is_text_or_integer)) {
      throw std::runtime_error("expected text or integers, found " + type.ToString());
    }
    auto &collector = file->collector;
    collector.clear();
    std::unique_ptr<parquet::arrow::ColumnReader> reader;
    check(file->reader->GetColumn(index, &reader));
    while (static_cast<int64_t>(collector.valid.size()) < file->rows) {
      std::shared_ptr<arrow::ChunkedArray> batch;
      check(reader->NextBatch(batch_rows, &batch));
      if (batch == nullptr || batch->length() == 0) break;
      for (const auto &chunk : batch->chunks()) collector.append(*chunk);
    }
    if (static_cast<int64_t>(collector.valid.size()) != file->rows) {
      throw std::runtime_error("the column has another number of values than the footer states");
    }
    if (type.id() == arrow::Type::NA) collector.kind = CPARQUET_NULL;
    column->kind = collector.kind;
    column->count = static_cast<int64_t>(collector.valid.size());
    column->offsets = collector.offsets.data();
    column->bytes = collector.bytes.data();
    column->valid = collector.valid.data();
    return true;
  });
}
