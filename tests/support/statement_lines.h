// Files of statements under tests/data/mysql: one a line, comment lines (`-- `) and empty ones left out.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/read_file.h"

namespace planwise::test {

// `root` is the project's folder. Empty where there is no such file.
inline std::vector<std::string> statement_lines(const std::string& root, const std::string& file) {
  const std::string text = read_file(root + "/tests/data/mysql/" + file);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    if (!line.empty() && !line.starts_with("-- ")) {
      lines.push_back(std::move(line));
    }
    at = end + 1;
  }
  return lines;
}

// "first ||| second"; where there is one, both are it.
inline std::pair<std::string, std::string> halves(const std::string& line) {
  const std::size_t bar = line.find(" ||| ");
  return bar == std::string::npos ? std::pair(line, line)
                                  : std::pair(line.substr(0, bar), line.substr(bar + 5));
}

// A line of digest_pairs.sql.
struct DigestPair {
  char relation = '=';  // '=' one digest, '!' two, '~' two that are one for us
  std::string first;
  std::string second;
};

inline std::vector<DigestPair> digest_pairs(const std::string& root) {
  std::vector<DigestPair> pairs;
  for (const std::string& line : statement_lines(root, "digest_pairs.sql")) {
    auto [first, second] = halves(line.substr(2));
    pairs.push_back({line[0], std::move(first), std::move(second)});
  }
  return pairs;
}

}  // namespace planwise::test
