#include "connectors/connector.h"
#include "connectors/mysql/login.h"
#include "connectors/mysql/mysql.h"
#include "connectors/postgres/dsn.h"
#include "connectors/postgres/postgres.h"
#include "connectors/snapshot_file.h"

namespace planwise {
namespace {

template <class T>
Result<std::unique_ptr<Connector>> as_connector(Result<std::unique_ptr<T>> opened) {
  if (!opened) {
    return std::move(opened).error();
  }
  return std::unique_ptr<Connector>(*std::move(opened));
}

}  // namespace

Result<std::unique_ptr<Connector>> open_target(const std::string& target, const CaptureOptions& options) {
  if (target.empty()) {
    return Error{
        ErrorCode::kInvalidArgument, "no target given",
        "give a connection string like postgres://user@host/database or mysql://user@host/database, or a "
        "snapshot file"};
  }
  if (mysql::is_dsn(target)) {
    return as_connector(mysql::MySqlConnector::open(target, options));
  }
  // Before is_dsn(): a path may hold an equals sign.
  if (target.ends_with(".json") || target.ends_with(".json.zst")) {
    return as_connector(SnapshotFileConnector::open(target));
  }
  if (pg::is_dsn(target)) {
    return as_connector(pg::PostgresConnector::open(target, options));
  }
  return as_connector(SnapshotFileConnector::open(target));
}

}  // namespace planwise
