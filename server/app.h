// The service: store, auditor, scheduler and HTTP server, put together and run until a signal ends it.
#pragma once

#include "analyzer/base/result.h"
#include "server/config.h"

namespace planwise {

// Runs `planwise serve`. Prints `listening on http://HOST:PORT` on standard output once it answers.
//
// SIGTERM and SIGINT drain: no new connections and audits, requests under way are answered, audits are
// cancelled; it returns within 10 s. A second signal ends the process at once. SIGHUP reads the configuration
// again and applies its targets; a configuration with problems is reported and changes nothing.
//
// Errors: a configuration with problems (all of them), an address that is not loopback, a port in use, a
// store that cannot be opened. Nothing has been started then.
[[nodiscard]] Result<void> run_serve(const ConfigSources& sources);

}  // namespace planwise
