#include "analyzer/model/engine.h"

#include <fmt/format.h>

namespace planwise {

std::string_view to_string(Engine engine) noexcept {
  switch (engine) {
    case Engine::kPostgres: return "postgresql";
    case Engine::kMySql: return "mysql";
    case Engine::kMariaDb: return "mariadb";
  }
  return "postgresql";
}

std::string to_string(const Version& version) {
  return version.patch == 0 ? fmt::format("{}.{}", version.major, version.minor)
                            : fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
}

}  // namespace planwise
