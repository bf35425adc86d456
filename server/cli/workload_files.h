// Statements from files, for `planwise advise --workload`.
#pragma once

#include <filesystem>
#include <vector>

#include "analyzer/base/result.h"
#include "connectors/connector.h"

namespace planwise::cli {

// `path`: a folder of *.sql with one statement a file (named after the file), or one file of statements that
// end in `;` (named "1", "2", …). `weights` (may be empty): lines of name<TAB>calls; lines that begin with #
// are comments. kNotFound for what is not there, kInvalidArgument naming the file (and line) for a file
// without exactly one statement, a weight that is no number, or a weight whose name is no statement.
[[nodiscard]] Result<std::vector<GivenStatement>> read_workload(const std::filesystem::path& path,
                                                                const std::filesystem::path& weights);

}  // namespace planwise::cli
