#include "server/store/compress.h"

#include <zstd.h>

#include <memory>

namespace planwise {
namespace {

constexpr int kLevel = 3;  // zstd's default: about 5 times smaller, 300 MB/s
constexpr unsigned long long kLimit = 256ULL << 20;

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

std::string compressed(std::string_view text) {
  // One context a thread: making one costs more than packing a small document.
  thread_local std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  std::string bytes(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size =
      ZSTD_compressCCtx(context.get(), bytes.data(), bytes.size(), text.data(), text.size(), kLevel);
  bytes.resize(ZSTD_isError(size) != 0 ? 0 : size);  // cannot fail with a buffer of compressBound
  return bytes;
}

Result<std::string> uncompressed(std::string_view bytes) {
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLimit) {
    return Error{ErrorCode::kMalformed, "stored document is damaged"};
  }
  thread_local std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context(ZSTD_createDCtx());
  std::string text(size, '\0');
  const std::size_t got =
      ZSTD_decompressDCtx(context.get(), text.data(), text.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(got) != 0 || got != size) {
    return Error{ErrorCode::kMalformed, "stored document is damaged"};
  }
  return text;
}

}  // namespace planwise
