// A file whose lock says that one process, and no second one, may write a store.
#pragma once

#include <string>

#include "analyzer/base/result.h"

namespace planwise {

// Holds the lock until destroyed; the kernel also drops it when the process ends in any way, so that a stale
// file never keeps anyone out. Move-only.
class LockFile {
 public:
  // Takes the lock on `file`, creating it, and writes this process's number into it. kUnavailable if another
  // process holds it: the message names the `subject` and that process.
  static Result<LockFile> take(const std::string& file, const std::string& subject);
  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace planwise
