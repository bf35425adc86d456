// A statement read word by word.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/words.h"

namespace planwise::test {

// The words of a statement, taken from the front.
class SqlReader {
 public:
  explicit SqlReader(std::string_view sql) : sql_(sql), words_(words_of(sql)) {}

  [[nodiscard]] bool empty() const { return at_ >= words_.size(); }
  [[nodiscard]] bool at(std::string_view word) const {
    return !empty() && identifier(words_[at_]) == identifier(word);
  }
  // Takes the words if they all come next.
  bool take(std::string_view phrase) {
    const std::vector<std::string> wanted = words_of(phrase);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (at_ + i >= words_.size() || identifier(words_[at_ + i]) != identifier(wanted[i])) {
        return false;
      }
    }
    at_ += wanted.size();
    return true;
  }
  std::string next() {
    if (empty()) {
      throw std::runtime_error("statement ends too soon: " + std::string(sql_));
    }
    return words_[at_++];
  }
  std::string rest() {
    std::string text;
    for (; at_ < words_.size(); ++at_) {
      text += (text.empty() ? "" : " ") + words_[at_];
    }
    return text;
  }

 private:
  std::string_view sql_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

}  // namespace planwise::test
