// A report with one of everything, hostile names included, for tests of what is made from reports.
#pragma once

#include "analyzer/audit.h"

namespace planwise::test {

[[nodiscard]] AuditReport sample_report();

}  // namespace planwise::test
