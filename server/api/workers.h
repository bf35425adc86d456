// The threads that answer requests, and the bounded queue in front of them. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "server/api/exchange.h"

namespace planwise::api {

class Workers {
 public:
  struct Job {
    std::uint64_t connection = 0;
    Exchange exchange;
  };
  struct Done {
    std::uint64_t connection = 0;
    Answer answer;
  };

  // `respond` answers; `on_done` is told, on the worker's thread, that take_done() has something.
  Workers(std::size_t threads, std::size_t queue_limit, Responder respond, std::function<void()> on_done);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // False, and `job` untouched, where the queue is full.
  [[nodiscard]] bool submit(Job&& job);
  [[nodiscard]] std::vector<Done> take_done();

 private:
  void work(const std::stop_token& stop);

  const std::size_t queue_limit_;
  const Responder respond_;
  const std::function<void()> on_done_;
  std::mutex mutex_;  // guards queue_ and done_
  std::condition_variable_any ready_;
  std::deque<Job> queue_;
  std::vector<Done> done_;
  std::vector<std::jthread> threads_;
};

}  // namespace planwise::api
