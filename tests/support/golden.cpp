#include "tests/support/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace planwise::test {

void expect_golden(std::string_view path, std::string_view text) {
  const std::filesystem::path file = std::filesystem::path(PLANWISE_SOURCE_DIR) / path;
  if (std::getenv("PLANWISE_UPDATE") != nullptr) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(file_text(path), text) << path << ": run with PLANWISE_UPDATE=1 and read the diff";
}

std::string file_text(std::string_view path) {
  std::ifstream in(std::filesystem::path(PLANWISE_SOURCE_DIR) / path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_TRUE(in) << path << " cannot be read";
  return text.str();
}

}  // namespace planwise::test
