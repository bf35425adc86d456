// Snapshots as files: what `planwise capture` writes and every command takes in place of a database.
//
//   {"schema": "planwise.snapshot/1", "server": {"engine": "postgresql", ...}, "workload": {...}, ...}
//
// Times are microseconds since 1970, ids of statements sixteen hex digits. A field that is missing has its
// default, so that files of older versions can be read; one that is not known is left out of account.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "analyzer/base/result.h"
#include "analyzer/model/snapshot.h"
#include "connectors/connector.h"

namespace planwise {

struct SnapshotFileOptions {
  bool with_values = false;  // keep values of column statistics, and constants in the conditions of plans
};

[[nodiscard]] std::string snapshot_json(const Snapshot& snapshot, const SnapshotFileOptions& options);
// kMalformed names the field: "workload.statements[3].stats.calls: not an integer". kUnsupported for another
// version.
[[nodiscard]] Result<Snapshot> parse_snapshot(std::string_view json);

// Compressed where the path ends in ".zst". Written beside and renamed, so that a file is never half there.
// With permissions for the owner only. kUnavailable with the system's reason.
Result<void> write_snapshot_file(const std::string& path, const Snapshot& snapshot,
                                 const SnapshotFileOptions& options);
// Compressed or not, told by its content; at most `largest` bytes once unpacked. kNotFound, kUnavailable,
// kMalformed.
Result<Snapshot> read_snapshot_file(const std::string& path, std::size_t largest = std::size_t{1} << 30U);

// Gives the same snapshot at each capture(); CaptureOptions::given replaces its workload.
class SnapshotFileConnector final : public Connector {
 public:
  static Result<std::unique_ptr<SnapshotFileConnector>> open(const std::string& path);
  Result<Snapshot> capture(const CaptureOptions& options) override;

 private:
  explicit SnapshotFileConnector(Snapshot snapshot) : snapshot_(std::move(snapshot)) {}
  Snapshot snapshot_;
};

}  // namespace planwise
