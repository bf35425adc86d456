// The words of one line of a test's own small language, and the values written in them.
//
// Words are separated by spaces outside quotes and parentheses. What cannot be read throws std::runtime_error
// with the text in question, which ends the test.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/units.h"
#include "analyzer/model/schema.h"

namespace planwise::test {

[[nodiscard]] std::vector<std::string> words_of(std::string_view line);
// Parts between commas outside quotes and parentheses, trimmed.
[[nodiscard]] std::vector<std::string> comma_list(std::string_view text);
[[nodiscard]] std::string trimmed(std::string_view text);
// "(a, b)" without its outermost parentheses; other text as it is.
[[nodiscard]] std::string unwrapped(std::string_view text);

// SQL identifiers: folded to lower case unless quoted.
[[nodiscard]] std::string identifier(std::string_view text);
[[nodiscard]] TableName table_name(std::string_view text);  // without a schema: public

[[nodiscard]] double number(std::string_view text);
[[nodiscard]] Bytes size(std::string_view text);       // "60MB", "8kB", "1GB", "17"; 1 MB is 2^20
[[nodiscard]] Millis duration(std::string_view text);  // "30d", "5h", "10min", "3s", "2ms"

// The attributes of a line: `key=value` and bare flags. Every attribute must be asked for, or done() throws.
class Attributes {
 public:
  explicit Attributes(const std::vector<std::string>& words);
  [[nodiscard]] std::optional<std::string> text(const std::string& key);
  [[nodiscard]] std::optional<double> number(const std::string& key);
  [[nodiscard]] std::optional<Bytes> size(const std::string& key);
  [[nodiscard]] std::optional<Millis> duration(const std::string& key);
  [[nodiscard]] bool flag(const std::string& key);
  // Throws if an attribute was not asked for: a misspelt one must not pass in silence.
  void done() const;

 private:
  std::map<std::string, std::string> left_;
};

}  // namespace planwise::test
