// A live PostgreSQL database as a source of snapshots.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "connectors/connector.h"
#include "connectors/postgres/session.h"

namespace planwise::pg {

// Not thread-safe. Holds one connection from open() to its end.
class PostgresConnector final : public Connector {
 public:
  // `dsn` as psql takes it. Errors as Session::open().
  static Result<std::unique_ptr<PostgresConnector>> open(const std::string& dsn,
                                                         const CaptureOptions& options);

  Result<Snapshot> capture(const CaptureOptions& options) override;
  [[nodiscard]] WhatIf* what_if() noexcept override { return what_if_.get(); }

 private:
  explicit PostgresConnector(std::string dsn) : dsn_(std::move(dsn)) {}
  Result<void> ensure_session(const CaptureOptions& options, Deadline deadline);

  std::string dsn_;
  std::unique_ptr<Session> session_;  // null while what_if_ has it
  Snapshot planned_;                  // what what_if_ refers to
  std::unique_ptr<WhatIf> what_if_;
};

}  // namespace planwise::pg
