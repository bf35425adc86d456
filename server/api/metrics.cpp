#include "server/api/metrics.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace planwise::api {
namespace {

// Writes metrics one after the other.
class Page {
 public:
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(text_), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
  }
  void sample(std::string_view name, std::string_view labels, double value) {
    fmt::format_to(std::back_inserter(text_), "{}{}{}{} {}\n", name, labels.empty() ? "" : "{", labels,
                   labels.empty() ? "" : "}", value);
  }
  void single(std::string_view name, std::string_view type, std::string_view help, double value) {
    begin(name, type, help);
    sample(name, "", value);
  }
  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string escaped(std::string_view value) {
  std::string out;
  for (const char letter : value) {
    if (letter == '\n') {
      out += "\\n";
    } else {
      out += letter == '"' || letter == '\\' ? std::string{'\\', letter} : std::string{letter};
    }
  }
  return out;
}

void add_connections(Page& page, const GuardStats& stats) {
  page.begin("planwise_http_connections", "gauge", "Open connections.");
  page.sample("planwise_http_connections", "state=\"stream\"", static_cast<double>(stats.streams));
  page.sample("planwise_http_connections", "state=\"request\"",
              static_cast<double>(stats.connections - std::min(stats.streams, stats.connections)));
  page.single("planwise_http_connections_accepted_total", "counter", "Connections accepted since start.",
              static_cast<double>(stats.accepted));
  page.begin("planwise_http_rejected_total", "counter",
             "Requests refused before a handler saw them, by status.");
  for (const auto& [status, count] : stats.refused) {
    page.sample("planwise_http_rejected_total", fmt::format("reason=\"{}\"", status),
                static_cast<double>(count));
  }
}

void add_audits(Page& page, const AuditorCounts& counts) {
  page.begin("planwise_audit_runs_total", "counter", "Audits that ended since start, by outcome.");
  page.sample("planwise_audit_runs_total", "outcome=\"succeeded\"", static_cast<double>(counts.succeeded));
  page.sample("planwise_audit_runs_total", "outcome=\"failed\"", static_cast<double>(counts.failed));
  page.sample("planwise_audit_runs_total", "outcome=\"cancelled\"", static_cast<double>(counts.cancelled));
  page.begin("planwise_audit_duration_seconds", "summary", "How long audits took.");
  page.sample("planwise_audit_duration_seconds_sum", "", counts.total_seconds);
  page.sample("planwise_audit_duration_seconds_count", "",
              static_cast<double>(counts.succeeded + counts.failed + counts.cancelled));
  page.single("planwise_audits_running", "gauge", "Audits at work now.", static_cast<double>(counts.running));
}

void add_targets(Page& page, Store& store) {
  const auto targets = store.targets({.page = {.limit = kMaxPage}});
  if (!targets) {
    return;
  }
  page.begin("planwise_target_up", "gauge",
             "1 where the newest audit reached the target; absent before the first.");
  for (const Target& target : targets->items) {
    if (target.state != TargetState::kUnknown) {
      page.sample("planwise_target_up", fmt::format("target=\"{}\"", escaped(target.name)),
                  target.state == TargetState::kUp ? 1 : 0);
    }
  }
  page.begin("planwise_target_last_success_timestamp_seconds", "gauge",
             "End of the newest audit that succeeded.");
  for (const Target& target : targets->items) {
    if (target.last_success) {
      page.sample("planwise_target_last_success_timestamp_seconds",
                  fmt::format("target=\"{}\"", escaped(target.name)),
                  std::chrono::duration<double>(target.last_success->time_since_epoch()).count());
    }
  }
}

void add_findings(Page& page, Store& store) {
  const auto counts = store.recommendation_counts(std::nullopt);
  if (!counts) {
    return;
  }
  std::map<std::pair<std::string_view, std::string_view>, std::int64_t> sums;
  for (const RecommendationCount& count : *counts) {
    sums[{to_string(count.status), to_string(count.severity)}] += count.count;
  }
  page.begin("planwise_findings", "gauge", "Current recommendations.");
  for (const auto& [key, count] : sums) {
    page.sample("planwise_findings", fmt::format("state=\"{}\",severity=\"{}\"", key.first, key.second),
                static_cast<double>(count));
  }
}

void add_process(Page& page) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  page.single("process_cpu_seconds_total", "counter", "Processor time spent.",
              seconds(usage.ru_utime) + seconds(usage.ru_stime));
  std::ifstream statm("/proc/self/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  if (statm >> size >> resident) {
    page.single("process_resident_memory_bytes", "gauge", "Memory in use.",
                static_cast<double>(resident * sysconf(_SC_PAGESIZE)));
  }
  std::error_code failure;
  const auto files = std::distance(std::filesystem::directory_iterator("/proc/self/fd", failure), {});
  if (!failure) {
    page.single("process_open_fds", "gauge", "Open files.", static_cast<double>(files));
  }
}

}  // namespace

void Metrics::observe(std::string_view route, Method method, int status,
                      std::chrono::duration<double> duration) {
  const auto bucket = std::lower_bound(kBounds.begin(), kBounds.end(), duration.count()) - kBounds.begin();
  const std::lock_guard lock(mutex_);
  Histogram& histogram = requests_[{std::string(route), method, status}];
  ++histogram.counts.at(static_cast<std::size_t>(bucket));
  histogram.sum += duration.count();
}

std::string Metrics::text(Services& services) const {
  Page page;
  page.begin("planwise_build_info", "gauge", "The version that runs.");
  page.sample("planwise_build_info", "version=\"" PLANWISE_VERSION "\"", 1);
  {
    const std::lock_guard lock(mutex_);
    page.begin("planwise_http_request_duration_seconds", "histogram", "How long handlers took.");
    for (const auto& [key, histogram] : requests_) {
      const auto& [route, method, status] = key;
      const std::string labels =
          fmt::format("route=\"{}\",method=\"{}\",code=\"{}\"", route, to_string(method), status);
      std::uint64_t count = 0;
      for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
        count += histogram.counts.at(i);
        page.sample("planwise_http_request_duration_seconds_bucket",
                    labels + (i < kBounds.size() ? fmt::format(",le=\"{}\"", kBounds.at(i)) : ",le=\"+Inf\""),
                    static_cast<double>(count));
      }
      page.sample("planwise_http_request_duration_seconds_sum", labels, histogram.sum);
      page.sample("planwise_http_request_duration_seconds_count", labels, static_cast<double>(count));
    }
  }
  add_connections(page, services.guard_stats());
  add_audits(page, services.auditor.counts());
  add_targets(page, services.store);
  add_findings(page, services.store);
  if (const auto size = services.store.size()) {
    page.single("planwise_store_bytes", "gauge", "Size of the store.", static_cast<double>(size->count));
  }
  add_process(page);
  return std::move(page).take();
}

}  // namespace planwise::api
