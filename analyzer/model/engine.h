// Which server planwise looks at.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/base/units.h"

namespace planwise {

enum class Engine : std::uint8_t { kPostgres, kMySql, kMariaDb };

// "postgresql", "mysql", "mariadb": the names of the report.
[[nodiscard]] std::string_view to_string(Engine engine) noexcept;

// Compared number by number, so that 10.11 is newer than 10.6.
struct Version {
  int major = 0;
  int minor = 0;
  int patch = 0;
  auto operator<=>(const Version&) const = default;
};

[[nodiscard]] std::string to_string(const Version& version);

struct ServerInfo {
  Engine engine = Engine::kPostgres;
  Version version;
  std::string version_text;  // as the server spells it; shown, never compared
  std::string database;
  // Of PostgreSQL, the same for a primary and its replicas; MySQL's server_uuid, which each server has of its
  // own. Empty where it cannot be read.
  std::string system_identifier;
  bool is_replica = false;
  std::optional<TimePoint> started_at;
  std::map<std::string, Version> extensions;             // installed in this database
  std::map<std::string, std::string> extension_schemas;  // where their objects are
};

}  // namespace planwise
