// The parts of a capture, one after the other: progress, the deadline, a session that is lost, what fails.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/snapshot.h"
#include "connectors/connector.h"

namespace planwise {

[[nodiscard]] inline Gap no_time_gap(std::string_view what) {
  return {.what = std::string(what),
          .why = "the time budget of the audit was used up before it",
          .remedy = "give the audit a larger budget, or run it when the server is less busy"};
}

[[nodiscard]] inline Gap no_tables_gap() {
  return {.what = "tables and indexes",
          .why = "they could not be read as a whole, so nothing is said about them",
          .remedy = "see the gap that names the part which failed"};
}

[[nodiscard]] inline Gap no_difference_gap() {
  return {.what = "statements of the window",
          .why =
              "the counters were reset or the server restarted between the two readings; shown are the "
              "totals since",
          .remedy = "run the audit again"};
}

// Session is an engine's: is_open(), reopen(), deadline(). Session, options and gaps outlive it.
template <class Session>
class CaptureSteps {
 public:
  CaptureSteps(Session& session, const CaptureOptions& options, std::vector<Gap>& gaps)
      : session_(session), options_(options), gaps_(gaps) {}

  void report(double share, std::string_view step) const {
    if (options_.progress) {
      options_.progress(share, step);
    }
  }

  // True if it was read; else there is a gap: of the deadline, or what `failed` makes of the error. A lost
  // session is opened again for the steps that follow, once: what breaks it twice is no accident.
  bool step(double share, std::string_view what, const std::function<Result<void>()>& read,
            const std::function<Gap(const Error&)>& failed) {
    report(share, fmt::format("reading {}", what));
    if (std::chrono::steady_clock::now() >= session_.deadline()) {
      gaps_.push_back(no_time_gap(what));
      return false;
    }
    if (!session_.is_open() && !reopened_) {
      reopened_ = true;
      // Only in order to go on; where it fails, the step says so itself.
      static_cast<void>(session_.reopen(session_.deadline()).has_value());
    }
    if (const Result<void> done = read(); !done) {
      gaps_.push_back(failed(done.error()));
      return false;
    }
    return true;
  }

  // Between the two readings of a window; not beyond the session's deadline, and at once when cancelled.
  void wait_for_window(std::chrono::seconds window) const {
    using std::chrono::steady_clock;
    const auto end = std::min(steady_clock::now() + window, session_.deadline());
    while (steady_clock::now() < end && !options_.cancel.stop_requested()) {
      const auto left = std::chrono::ceil<std::chrono::seconds>(end - steady_clock::now());
      report(0.1, fmt::format("watching the workload, {} s left", left.count()));
      std::this_thread::sleep_for(
          std::min<steady_clock::duration>(std::chrono::seconds(1), end - steady_clock::now()));
    }
  }

 private:
  Session& session_;
  const CaptureOptions& options_;
  std::vector<Gap>& gaps_;
  bool reopened_ = false;
};

// Puts what was read in its place, or hands on why it was not.
template <class T, class U>
Result<void> keep(Result<T> read, U& place) {
  if (!read) {
    return std::move(read).error();
  }
  place = *std::move(read);
  return {};
}

}  // namespace planwise
