// What the handlers of the API work with. All of it is thread-safe and outlives the server.
#pragma once

#include <functional>
#include <string>

#include "analyzer/base/clock.h"
#include "server/api/guard.h"
#include "server/audit/auditor.h"
#include "server/schedule/scheduler.h"
#include "server/store/store.h"

namespace planwise::api {

class EventStream;
class Metrics;

struct Services {
  Store& store;
  const Clock& clock;
  Auditor& auditor;
  Scheduler& scheduler;
  EventStream& events;
  Metrics& metrics;
  std::string timezone;  // of schedules without one of their own
  std::function<GuardStats()> guard_stats;
};

}  // namespace planwise::api
