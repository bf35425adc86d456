#include "server/app.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "analyzer/base/clock.h"
#include "server/api/api.h"
#include "server/api/engine.h"
#include "server/api/events.h"
#include "server/api/guard.h"
#include "server/api/listener.h"
#include "server/api/metrics.h"
#include "server/audit/auditor.h"
#include "server/log.h"
#include "server/schedule/scheduler.h"
#include "server/signals.h"
#include "server/store/store.h"

namespace planwise {
namespace {

using std::chrono::milliseconds;

// CONTRACT: a drain ends within 10 s. Requests and audits get their part; what is left is for closing the
// store.
constexpr milliseconds kDrainRequests{3'000};
constexpr milliseconds kDrainAudits{4'000};
constexpr milliseconds kDrainAll{9'500};
constexpr std::chrono::minutes kMaintainEvery{60};
constexpr std::chrono::minutes kMaintainFirst{5};

// The connection strings of the configuration's targets, with their secrets; the store has those of the
// others. Thread-safe.
class ConfiguredTargets {
 public:
  void set(const std::vector<TargetSpec>& specs) {
    std::map<std::string, std::string> dsns;
    for (const TargetSpec& spec : specs) {
      dsns.emplace(spec.name, spec.dsn);
    }
    const std::lock_guard lock(mutex_);
    dsns_ = std::move(dsns);
  }

  [[nodiscard]] Result<std::string> dsn(const Target& target, Store& store) const {
    if (target.origin == TargetOrigin::kRest) {
      return store.target_dsn(target.id);
    }
    const std::lock_guard lock(mutex_);
    const auto at = dsns_.find(target.name);
    if (at == dsns_.end()) {
      return Error{ErrorCode::kNotFound,
                   fmt::format("target \"{}\" does not stand in the configuration any more", target.name)};
    }
    return at->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> dsns_;  // guarded by mutex_
};

AuditorOptions auditor_options(const AuditConfig& config) {
  AuditorOptions options;
  options.workers = config.workers;
  options.window = std::chrono::days(config.window_days);
  options.audit.budget = config.budget;
  options.audit.capture.statement_timeout = config.statement_timeout;
  options.audit.capture.statement_limit = static_cast<std::size_t>(config.statement_limit);
  options.audit.capture.plan_limit = static_cast<std::size_t>(config.plan_limit);
  options.audit.capture.allow_privileged = config.allow_privileged;
  options.audit.advise.storage_budget = config.storage_budget;
  options.audit.advise.max_index_width = config.max_index_width;
  return options;
}

api::GuardLimits guard_limits(const ServerConfig& config, const std::string& host) {
  api::GuardLimits limits;
  limits.head.hosts.push_back(host);
  limits.head.hosts.insert(limits.head.hosts.end(), config.allowed_hosts.begin(), config.allowed_hosts.end());
  return limits;
}

Result<api::Listener> listen_on(const ServerConfig& config) {
  if (!config.tokens.empty()) {
    return Error{
        ErrorCode::kUnsupported, "server.token is set, but this version does not check access tokens",
        "remove [[server.token]] and keep server.listen on loopback, behind a proxy that authenticates"};
  }
  PLANWISE_TRY(const auto address, api::parse_listen_address(config.listen));
  return api::open_listener(address);
}

// Rolls history up and drops what is old, now and then, until asked to stop.
void maintain(const std::stop_token& stop, Store& store, const Retention& retention) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);  // cppcheck-suppress localMutex; for the condition variable alone
  auto wait = kMaintainFirst;
  while (!wake.wait_for(lock, stop, wait, [&] { return stop.stop_requested(); })) {
    if (const auto done = store.maintain(retention); !done) {
      spdlog::warn("cannot tidy the store: {}", done.error().message);
    }
    wait = kMaintainEvery;
  }
}

// Everything that runs, in the order in which it depends on each other.
class App {
 public:
  App(const Config& config, std::unique_ptr<Store> store, const Clock& clock, api::Listener listener)
      : store_(std::move(store)),
        auditor_(*store_, clock, bus_, auditor_options(config.audit),
                 [this](const Target& target) { return configured_.dsn(target, *store_); }),
        scheduler_(*store_, clock, auditor_, config.schedule.timezone),
        events_(bus_),
        services_{*store_,
                  clock,
                  auditor_,
                  scheduler_,
                  events_,
                  metrics_,
                  config.schedule.timezone,
                  [this] { return guard_.stats(); }},
        api_(services_, api::embedded_assets()),
        engine_([this](const api::Exchange& exchange) { return api_.handle(exchange); }),
        url_(fmt::format("http://{}:{}", listener.host, listener.port)),
        host_(listener.host),
        guard_(std::move(listener), guard_limits(config.server, host_),
               [this](const api::Exchange& exchange) { return engine_.respond(exchange); }),
        retention_(config.store.retention) {}

  Result<void> start(const Config& config) {
    PLANWISE_CHECK_OK(apply_targets(config));
    PLANWISE_CHECK_OK(auditor_.start());
    scheduler_.start();
    events_.on_news([this] { guard_.wake_streams(); });
    guard_.start();
    maintenance_ = std::jthread([this](const std::stop_token& stop) { maintain(stop, *store_, retention_); });
    return {};
  }

  [[nodiscard]] const std::string& url() const { return url_; }

  Result<void> apply_targets(const Config& config) {
    configured_.set(config.targets);
    PLANWISE_CHECK_OK(store_->sync_config_targets(config.targets));
    scheduler_.refresh();
    return {};
  }

  void drain() {
    maintenance_.request_stop();
    scheduler_.stop();
    guard_.drain(kDrainRequests);
    auditor_.stop(kDrainAudits);
    events_.on_news(nullptr);
    bus_.close();
  }

 private:
  std::unique_ptr<Store> store_;
  ConfiguredTargets configured_;
  EventBus bus_;
  Auditor auditor_;
  Scheduler scheduler_;
  api::EventStream events_;
  api::Metrics metrics_;
  api::Services services_;
  api::Api api_;
  api::Engine engine_;
  std::string url_;
  std::string host_;
  api::Guard guard_;
  Retention retention_;
  std::jthread maintenance_;
};

void reload(App& app, const ConfigSources& sources) {
  const auto config = checked_config(sources);
  if (!config) {
    spdlog::error("the configuration was not reloaded: {}", config.error().message);
    return;
  }
  if (const auto applied = app.apply_targets(*config); !applied) {
    spdlog::error("the configuration was not reloaded: {}", applied.error().message);
    return;
  }
  spdlog::info("configuration reloaded: {} targets; other settings take effect at the next start",
               config->targets.size());
}

// Ends the process when a second signal comes, or when draining takes too long: what is still running then is
// marked interrupted at the next start.
void watch_drain(const std::stop_token& stop, const Signals& signals) {
  const auto deadline = std::chrono::steady_clock::now() + kDrainAll;
  while (!stop.stop_requested()) {
    const auto signal = signals.next(milliseconds(50));
    if (signal && *signal != SIGHUP) {
      std::_Exit(128 + *signal);
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      spdlog::error("something did not end in time; leaving it");
      std::_Exit(EXIT_SUCCESS);
    }
  }
}

void run_until_signal(App& app, const ConfigSources& sources, const Signals& signals) {
  while (true) {
    const auto signal = signals.next(std::chrono::hours(1));
    if (signal == SIGHUP) {
      reload(app, sources);
    } else if (signal) {
      spdlog::info("draining: no new requests and audits");
      return;
    }
  }
}

}  // namespace

Result<void> run_serve(const ConfigSources& sources) {
  PLANWISE_TRY(const auto config, checked_config(sources));
  set_up_log(config.log);
  PLANWISE_TRY(auto listener, listen_on(config.server));
  const Signals signals;
  const SystemClock clock;
  PLANWISE_TRY(auto store, open_store(config.store.uri, clock));
  App app(config, std::move(store), clock, std::move(listener));
  PLANWISE_CHECK_OK(app.start(config));
  fmt::print("listening on {}\n", app.url());
  std::fflush(stdout);
  run_until_signal(app, sources, signals);
  const std::jthread watch([&](const std::stop_token& stop) { watch_drain(stop, signals); });
  app.drain();
  return {};
}

}  // namespace planwise
