#include "server/store/sqlite_readers.h"

namespace planwise::sqlite {

Readers::Lease::~Lease() {
  if (pool_ == nullptr) {
    return;
  }
  if (connection_.in_transaction()) {  // the work failed half-way
    static_cast<void>(connection_.script("ROLLBACK").has_value());
  }
  {
    const std::lock_guard lock(pool_->mutex_);
    pool_->idle_.push_back(std::move(connection_));
    --pool_->taken_;
  }
  pool_->returned_.notify_one();
}

Result<Readers::Lease> Readers::take() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [this] { return taken_ < kLimit; });
  ++taken_;
  if (!idle_.empty()) {
    Connection connection = std::move(idle_.back());
    idle_.pop_back();
    return Lease(*this, std::move(connection));
  }
  lock.unlock();
  Result<Connection> opened = Connection::open(file_, Mode::kReadOnly);
  if (!opened) {
    lock.lock();
    --taken_;
    returned_.notify_one();
    return std::move(opened).error();
  }
  return Lease(*this, *std::move(opened));
}

}  // namespace planwise::sqlite
