#include "server/store/lock_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace planwise {
namespace {

// The number in the lock file, or empty: its owner may be about to write it.
std::string owner(int descriptor) {
  std::array<char, 16> text{};
  const ssize_t size = pread(descriptor, text.data(), text.size(), 0);
  std::string digits;
  for (ssize_t i = 0; i < size; ++i) {
    const char letter = text.at(static_cast<std::size_t>(i));
    if (letter < '0' || letter > '9') {
      break;
    }
    digits += letter;
  }
  return digits;
}

}  // namespace

Result<LockFile> LockFile::take(const std::string& file, const std::string& subject) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) {
    return Error{
        ErrorCode::kUnavailable,
        fmt::format("{}: cannot create {}: {}", subject, file, std::generic_category().message(errno)),
        "check that the folder exists and that planwise may write to it"};
  }
  LockFile lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const std::string number = owner(descriptor);
    return Error{ErrorCode::kUnavailable,
                 number.empty() ? fmt::format("{} is in use by another process", subject)
                                : fmt::format("{} is in use by process {}", subject, number),
                 "stop that process, or name another file with --store"};
  }
  const std::string number = fmt::format("{}\n", getpid());
  if (ftruncate(descriptor, 0) != 0 ||
      pwrite(descriptor, number.data(), number.size(), 0) != static_cast<ssize_t>(number.size())) {
    return Error{
        ErrorCode::kUnavailable,
        fmt::format("{}: cannot write {}: {}", subject, file, std::generic_category().message(errno)),
        "free some space on its disk"};
  }
  return lock;
}

LockFile::LockFile(LockFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

LockFile::~LockFile() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

}  // namespace planwise
