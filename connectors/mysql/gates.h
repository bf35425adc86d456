// What a server can do from which version on, in the two lines of versions. Columns of views and variables
// have no gate: the server itself is asked for them.
#pragma once

#include "analyzer/model/engine.h"

namespace planwise::mysql {

struct Gate {
  Version mysql;
  Version mariadb;
};

inline constexpr Version kNever{999'999, 0, 0};

inline constexpr Gate kSupported{{5, 6, 0}, {10, 5, 0}};    // the oldest versions planwise is made for
inline constexpr Gate kAccountLock{{5, 7, 6}, {10, 4, 2}};  // CREATE USER … ACCOUNT LOCK
inline constexpr Gate kRandomPassword{{8, 0, 18}, kNever};  // IDENTIFIED BY RANDOM PASSWORD
inline constexpr Gate kGrantsUsing{{8, 0, 0}, kNever};      // SHOW GRANTS … USING: with the rights of roles

[[nodiscard]] inline bool has(const Gate& gate, const ServerInfo& server) {
  return (server.engine == Engine::kMariaDb ? gate.mariadb : gate.mysql) <= server.version;
}

}  // namespace planwise::mysql
