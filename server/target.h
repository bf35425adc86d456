// What planwise is told about a database it looks after: by the configuration or over REST.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/base/units.h"

namespace planwise {

// What the owner promised. A breach is a finding; what is not set is not watched.
struct TargetBudget {
  std::optional<Millis> query_p95;         // of every statement that is at least 1 % of the load
  std::optional<double> cache_hit_ratio;   // least share of blocks found in memory, 0..1
  std::optional<double> connection_usage;  // greatest share of max_connections in use, 0..1
  bool operator==(const TargetBudget&) const = default;
};

struct TargetSpec {
  std::string name;      // unique; takes part in the ids of recommendations, so it never changes
  std::string dsn;       // as libpq or a URI wants it; may hold a password
  std::string schedule;  // cron (server/schedule/cron.h); empty: audited on demand only
  std::map<std::string, std::string> labels;
  TargetBudget budget;
  bool operator==(const TargetSpec&) const = default;
};

// The connection string as it may be shown: "postgres://planwise@db1/shop". Of PostgreSQL what pg::redacted()
// keeps; of another URI all but the passwords; a path as it is; anything else comes back as "…".
[[nodiscard]] std::string without_secrets(std::string_view dsn);

}  // namespace planwise
