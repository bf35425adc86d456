#include "server/api/workers.h"

#include <utility>

namespace planwise::api {

Workers::Workers(std::size_t threads, std::size_t queue_limit, Responder respond,
                 std::function<void()> on_done)
    : queue_limit_(queue_limit), respond_(std::move(respond)), on_done_(std::move(on_done)) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

Workers::~Workers() {
  for (std::jthread& thread : threads_) {
    thread.request_stop();
  }
  threads_.clear();
}

bool Workers::submit(Job&& job) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= queue_limit_) {
      return false;
    }
    queue_.push_back(std::move(job));
  }
  ready_.notify_one();
  return true;
}

std::vector<Workers::Done> Workers::take_done() {
  const std::lock_guard lock(mutex_);
  return std::exchange(done_, {});
}

void Workers::work(const std::stop_token& stop) {
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      if (!ready_.wait(lock, stop, [this] { return !queue_.empty(); })) {
        return;
      }
      job = std::move(queue_.front());
      queue_.pop_front();
    }
    Done done{job.connection, respond_(job.exchange)};
    {
      const std::lock_guard lock(mutex_);
      done_.push_back(std::move(done));
    }
    on_done_();
  }
}

}  // namespace planwise::api
