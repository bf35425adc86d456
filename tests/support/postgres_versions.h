// The PostgreSQL servers there are to test with: Debian's 15, and those .ci/postgres-matrix installed.
#pragma once

#include <string>
#include <vector>

namespace planwise::test {

// Folders with `postgres` in them, oldest version first, one a version; Debian's wins.
[[nodiscard]] std::vector<std::string> postgres_bin_dirs();

// "Version15": a name for a parameterised test.
[[nodiscard]] std::string version_name(const std::string& bin_dir);

}  // namespace planwise::test
