#include "server/store/sqlite_writer.h"

#include <exception>
#include <string>

namespace planwise::sqlite {
namespace {

// SQLite's own default: 4 MB of log.
constexpr int kCheckpointPages = 1000;

}  // namespace

Writer::Writer(std::optional<Connection> connection) : connection_(std::move(connection)) {
  if (connection_) {
    thread_ = std::thread([this] { serve(); });
  }
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  queued_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

Result<void> Writer::run(Durability durability, const Work& work) {
  Task task{&work, true, durability, false, {}};
  return submit(task);
}

Result<void> Writer::checkpoint() {
  const Work work = [](Connection& connection) {
    return connection.script("PRAGMA wal_checkpoint(TRUNCATE)");
  };
  Task task{&work, false, Durability::kProcess, false, {}};
  return submit(task);
}

Result<void> Writer::submit(Task& task) {
  if (!connection_) {
    return Error{ErrorCode::kUnavailable, "the store is open for reading only"};
  }
  std::unique_lock lock(mutex_);
  tasks_.push_back(&task);
  queued_.notify_one();
  done_.wait(lock, [&task] { return task.done; });
  return std::move(task.answer);
}

void Writer::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    queued_.wait(lock, [this] { return closing_ || !tasks_.empty(); });
    if (tasks_.empty()) {
      break;
    }
    Task* task = tasks_.front();
    tasks_.pop_front();
    lock.unlock();
    Result<void> answer = perform(*task);
    lock.lock();
    task->answer = std::move(answer);
    task->done = true;
    done_.notify_all();
  }
  lock.unlock();
  // Of no consequence if it fails: the log is read again at the next start.
  static_cast<void>(connection_->script("PRAGMA wal_checkpoint(TRUNCATE)").has_value());
}

Result<void> Writer::perform(const Task& task) {
  try {
    if (!task.transaction) {
      return (*task.work)(*connection_);
    }
    PLANWISE_CHECK_OK(connection_->script(task.durability == Durability::kPower
                                              ? "PRAGMA synchronous=FULL; BEGIN IMMEDIATE"
                                              : "PRAGMA synchronous=NORMAL; BEGIN IMMEDIATE"));
    Result<void> done = (*task.work)(*connection_);
    if (done) {
      done = connection_->script("COMMIT");
    }
    if (!done) {
      if (connection_->in_transaction()) {  // a full disk rolls back by itself
        static_cast<void>(connection_->script("ROLLBACK").has_value());
      }
      return done;
    }
  } catch (const std::exception& exception) {  // out of memory: the store must stay usable
    if (connection_->in_transaction()) {
      static_cast<void>(connection_->script("ROLLBACK").has_value());
    }
    return Error{ErrorCode::kInternal, std::string("store: ") + exception.what()};
  }
  if (connection_->log_pages() > kCheckpointPages) {
    // What was committed is safe in the log whether or not this works; the next write tries again.
    static_cast<void>(connection_->script("PRAGMA wal_checkpoint(PASSIVE)").has_value());
  }
  return {};
}

}  // namespace planwise::sqlite
