#include "tests/support/postgres_versions.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace planwise::test {
namespace {

// Where .ci/postgres-matrix puts them.
const std::vector<std::string> kFolders{"/usr/lib/postgresql",
                                        std::string(PLANWISE_SOURCE_DIR) + "/build/postgres",
                                        "/var/tmp/planwise-postgres"};

}  // namespace

std::vector<std::string> postgres_bin_dirs() {
  std::vector<std::string> found;
  for (int version = 12; version <= 18; ++version) {
    for (const std::string& folder : kFolders) {
      const std::string bin_dir = folder + "/" + std::to_string(version) + "/bin";
      if (std::filesystem::exists(bin_dir + "/postgres")) {
        found.push_back(bin_dir);
        break;
      }
    }
  }
  return found;
}

std::string version_name(const std::string& bin_dir) {
  return "Version" + std::filesystem::path(bin_dir).parent_path().filename().string();
}

}  // namespace planwise::test
