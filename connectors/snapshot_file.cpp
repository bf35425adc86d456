#include "connectors/snapshot_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "analyzer/base/text.h"
#include "connectors/given_workload.h"

namespace planwise {
namespace {

constexpr std::string_view kZstdMagic("\x28\xB5\x2F\xFD", 4);  // Source: RFC 8878, section 3.1.1

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Error system_error(const std::string& path) {
  const int reason = errno;
  return {reason == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
          fmt::format("{}: {}", path, std::generic_category().message(reason))};
}

Result<std::string> unpacked(std::string_view packed, std::size_t largest) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  std::string out;
  std::string buffer(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer input{packed.data(), packed.size(), 0};
  std::size_t left = 1;
  while (input.pos < input.size || left != 0) {
    ZSTD_outBuffer output{buffer.data(), buffer.size(), 0};
    left = ZSTD_decompressStream(context.get(), &output, &input);
    if (ZSTD_isError(left) != 0U) {
      return Error{ErrorCode::kMalformed, fmt::format("damaged: {}", ZSTD_getErrorName(left))};
    }
    out.append(buffer, 0, output.pos);
    if (out.size() > largest) {
      return Error{ErrorCode::kMalformed, fmt::format("larger than {} once unpacked",
                                                      human(Bytes{static_cast<std::int64_t>(largest)}))};
    }
    if (input.pos == input.size && output.pos == 0 && left != 0) {
      return Error{ErrorCode::kMalformed, "cut off in the middle"};
    }
  }
  return out;
}

// With a checksum: without one a flipped bit can read as another number.
Result<std::string> packed(std::string_view text) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress2(context.get(), out.data(), out.size(), text.data(), text.size());
  if (ZSTD_isError(size) != 0U) {
    return Error{ErrorCode::kInternal, fmt::format("zstd: {}", ZSTD_getErrorName(size))};
  }
  out.resize(size);
  return out;
}

Result<std::string> content_of(const std::string& path, std::size_t largest) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (file.get() < 0 || fstat(file.get(), &status) != 0) {
    return system_error(path);
  }
  if (S_ISDIR(status.st_mode)) {
    return Error{ErrorCode::kInvalidArgument, path + ": is a folder, not a snapshot file"};
  }
  std::string content;
  std::string buffer(std::size_t{1} << 16U, '\0');
  for (;;) {
    const ssize_t got = read(file.get(), buffer.data(), buffer.size());
    if (got == 0) {
      return content;
    }
    if (got < 0 && errno != EINTR) {
      return system_error(path);
    }
    content.append(buffer, 0, got < 0 ? 0 : static_cast<std::size_t>(got));
    if (content.size() > largest) {
      return Error{ErrorCode::kMalformed,
                   fmt::format("{}: larger than {}", path, human(Bytes{static_cast<std::int64_t>(largest)}))};
    }
  }
}

Result<void> write_all(int descriptor, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t done = write(descriptor, content.data(), content.size());
    if (done < 0 && errno != EINTR) {
      return system_error(path);
    }
    content.remove_prefix(done < 0 ? 0 : static_cast<std::size_t>(done));
  }
  return fsync(descriptor) == 0 || errno == EINVAL ? Result<void>() : Result<void>(system_error(path));
}

}  // namespace

Result<void> write_snapshot_file(const std::string& path, const Snapshot& snapshot,
                                 const SnapshotFileOptions& options) {
  std::string content = snapshot_json(snapshot, options);
  if (path.ends_with(".zst")) {
    PLANWISE_TRY(content, packed(content));
  }
  std::string beside = path + ".XXXXXX";
  const File file(mkostemp(beside.data(), O_CLOEXEC));
  if (file.get() < 0) {
    return system_error(path);
  }
  if (auto written = write_all(file.get(), content, path); !written) {
    unlink(beside.c_str());
    return written;
  }
  if (rename(beside.c_str(), path.c_str()) != 0) {
    Error error = system_error(path);
    unlink(beside.c_str());
    return error;
  }
  return {};
}

Result<Snapshot> read_snapshot_file(const std::string& path, std::size_t largest) {
  PLANWISE_TRY(std::string content, content_of(path, largest));
  if (content.starts_with(kZstdMagic)) {
    auto text = unpacked(content, largest);
    if (!text) {
      return std::move(text).error().in(path);
    }
    content = *std::move(text);
  }
  auto snapshot = parse_snapshot(content);
  if (!snapshot) {
    return std::move(snapshot).error().in(path);
  }
  return snapshot;
}

Result<std::unique_ptr<SnapshotFileConnector>> SnapshotFileConnector::open(const std::string& path) {
  PLANWISE_TRY(Snapshot snapshot, read_snapshot_file(path));
  return std::unique_ptr<SnapshotFileConnector>(new SnapshotFileConnector(std::move(snapshot)));
}

Result<Snapshot> SnapshotFileConnector::capture(const CaptureOptions& options) {
  Snapshot snapshot = snapshot_;
  if (!options.given.empty()) {
    snapshot.workload = workload_of(options.given, snapshot.server.engine, snapshot.taken_at);
    snapshot.plans.clear();
  }
  snapshot.gaps.push_back({.what = "hypothetical indexes",
                           .why = "a snapshot file has no planner to ask",
                           .remedy = "audit the database itself"});
  if (options.progress) {
    options.progress(1, "read");
  }
  return snapshot;
}

}  // namespace planwise
