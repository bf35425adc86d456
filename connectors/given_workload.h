// A workload made of statements given from outside.
#pragma once

#include <span>

#include "analyzer/model/engine.h"
#include "analyzer/model/statement.h"
#include "connectors/connector.h"

namespace planwise {

// Statements of one shape are one, their calls added; most calls first. Times are not known: zero.
[[nodiscard]] Workload workload_of(std::span<const GivenStatement> given, Engine engine, TimePoint now);

}  // namespace planwise
