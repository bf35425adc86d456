// A workload made of statements given from outside.
#pragma once

#include <map>
#include <span>
#include <string>

#include "analyzer/model/engine.h"
#include "analyzer/model/statement.h"
#include "connectors/connector.h"

namespace planwise {

// Statements of one shape are one, their calls added; most calls first. Times are not known: zero.
[[nodiscard]] Workload workload_of(std::span<const GivenStatement> given, Engine engine, TimePoint now);

// The text of each statement that was given with one text only: its literals hold for every call. Those given
// with several stand for any value and are left out.
[[nodiscard]] std::map<StatementId, std::string> literal_texts(std::span<const GivenStatement> given,
                                                               Engine engine);

}  // namespace planwise
