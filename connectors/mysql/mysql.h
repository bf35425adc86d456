// A live MySQL or MariaDB server as a source of snapshots.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "connectors/connector.h"
#include "connectors/mysql/login.h"
#include "connectors/mysql/session.h"

namespace planwise::mysql {

// Not thread-safe. Holds one connection from open() to its end.
class MySqlConnector final : public Connector {
 public:
  // Errors as read_login() and Session::open().
  static Result<std::unique_ptr<MySqlConnector>> open(const std::string& dsn, const CaptureOptions& options);

  Result<Snapshot> capture(const CaptureOptions& options) override;

 private:
  explicit MySqlConnector(Login login) : login_(std::move(login)) {}
  Result<void> ensure_session(const CaptureOptions& options, Deadline deadline);

  Login login_;
  std::optional<Session> session_;
};

}  // namespace planwise::mysql
