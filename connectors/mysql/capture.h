// Reads one snapshot from a session, subject by subject. What fails becomes a gap, the rest goes on.
#pragma once

#include "analyzer/base/result.h"
#include "analyzer/model/snapshot.h"
#include "connectors/connector.h"
#include "connectors/mysql/session.h"

namespace planwise::mysql {

// Everything but plans. Two readings where options.window is set: the call then takes that long. A session
// that is lost on the way is opened again once. Fails only if the server does not even list its views, or if
// options.cancel was asked. The session's deadline bounds it; subjects not reached by then are gaps.
Result<Snapshot> capture_catalog(Session& session, const CaptureOptions& options);

}  // namespace planwise::mysql
