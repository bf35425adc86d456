// A pool of read-only connections to one SQLite store.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/base/result.h"
#include "server/store/sqlite_handle.h"

namespace planwise::sqlite {

// Thread-safe. Connections are opened as they are needed, up to a limit; then callers wait for one.
class Readers {
 public:
  static constexpr std::size_t kLimit = 8;

  explicit Readers(std::string file) : file_(std::move(file)) {}

  // Runs `work` on a connection of its own, in one read transaction: all it reads is from the same moment.
  template <class T, class Work>
  Result<T> read(Work work) {
    PLANWISE_TRY(Lease lease, take());
    PLANWISE_CHECK_OK(lease.connection().script("BEGIN"));
    Result<T> answer = work(lease.connection());
    PLANWISE_CHECK_OK(lease.connection().script("COMMIT"));
    return answer;
  }

 private:
  class Lease {
   public:
    Lease(Readers& pool, Connection connection) : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), connection_(std::move(other.connection_)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    [[nodiscard]] Connection& connection() { return connection_; }

   private:
    Readers* pool_;
    Connection connection_;
  };

  Result<Lease> take();

  const std::string file_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<Connection> idle_;  // guarded by mutex_
  std::size_t taken_ = 0;         // guarded by mutex_
};

}  // namespace planwise::sqlite
