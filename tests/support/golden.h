// Texts that people read, compared with a file of the tree. With PLANWISE_UPDATE=1 the file is rewritten
// instead; the diff is the review.
#pragma once

#include <string>
#include <string_view>

namespace planwise::test {

// `path` from the root of the project. Fails the calling test where the two differ.
void expect_golden(std::string_view path, std::string_view text);

// A file of the tree, `path` from its root; empty (and the calling test fails) if it cannot be read.
[[nodiscard]] std::string file_text(std::string_view path);

}  // namespace planwise::test
