// The one thread that writes a SQLite store.
//
// SQLite before 3.51.3 (Debian 12 has 3.40.1) can corrupt a database when two connections write or checkpoint
// at the same time ("WAL-reset bug", sqlite.org/wal.html). So one thread owns the only writing connection and
// every checkpoint.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "analyzer/base/result.h"
#include "server/store/sqlite_handle.h"

namespace planwise::sqlite {

enum class Durability : std::uint8_t {
  kProcess,  // survives a kill of the process (synchronous=NORMAL)
  kPower,    // survives a loss of power too (synchronous=FULL): what people decided
};

// Thread-safe. The destructor finishes what is queued and writes the log back into the database file.
class Writer {
 public:
  // Without a connection every write is kUnavailable.
  explicit Writer(std::optional<Connection> connection);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Runs `work` in a transaction on the writer's thread and waits for it. The transaction is committed if
  // `work` succeeds, else rolled back; then the answer is its error.
  template <class T, class Work>
  Result<T> write(Durability durability, Work work) {
    if constexpr (std::is_void_v<T>) {
      return run(durability, std::move(work));
    } else {
      std::optional<T> answer;
      PLANWISE_CHECK_OK(run(durability, [&answer, &work](Connection& connection) -> Result<void> {
        PLANWISE_TRY(answer, work(connection));
        return {};
      }));
      return *std::move(answer);
    }
  }

  // Writes as much of the log back as readers allow and truncates it where they allow all.
  Result<void> checkpoint();

 private:
  using Work = std::function<Result<void>(Connection&)>;
  struct Task {
    const Work* work = nullptr;
    bool transaction = true;
    Durability durability = Durability::kProcess;
    bool done = false;  // guarded by mutex_
    Result<void> answer;
  };

  Result<void> run(Durability durability, const Work& work);
  Result<void> submit(Task& task);
  void serve();
  Result<void> perform(const Task& task);

  std::optional<Connection> connection_;  // the thread's own
  std::mutex mutex_;
  std::condition_variable queued_;
  std::condition_variable done_;
  std::deque<Task*> tasks_;  // guarded by mutex_
  bool closing_ = false;     // guarded by mutex_
  std::thread thread_;
};

}  // namespace planwise::sqlite
