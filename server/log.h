// The service's log: one line an event on standard error, in UTC, as text or as JSON.
#pragma once

#include "analyzer/base/result.h"
#include "server/config.h"

namespace planwise {

// Sets the process's log up, for spdlog::info() and its kin. Control characters of what is logged become
// spaces, so that names of strangers neither forge lines nor move a terminal's cursor; a line is at most 2
// KiB.
void set_up_log(const LogConfig& config);

}  // namespace planwise
