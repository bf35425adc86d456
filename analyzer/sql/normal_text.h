// The output of normalise(): one spacing for every statement, values numbered at the end.
//
// Two texts grow side by side: the one people read, and the key, which is hashed. They differ only where one
// shape is spelt in several ways: case, MySQL's quotes, the number of a parameter, list lengths in MySQL's
// digests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/engine.h"

namespace planwise {

// What a token is for the white space around it.
enum class Piece : std::uint8_t {
  kStart,
  kName,
  kKeyword,
  kNumber,
  kValue,
  kOpen,
  kClose,
  kSeparator,
  kDot,
  kCast,
  kSign,
  kOperator,
};

class NormalText {
 public:
  NormalText(Engine engine, std::size_t expected_size);

  // Positions in both texts.
  struct Mark {
    std::size_t text = 0;
    std::size_t key = 0;
  };

  void put(Piece piece, std::string_view text, std::string_view key);
  void put(Piece piece, std::string_view text) { put(piece, text, text); }
  // A literal or parameter; `number` as written, 0 where there was none.
  void put_value(std::uint32_t number);

  // A `;`, written only if something comes after it.
  void separate() { separated_ = true; }

  [[nodiscard]] Piece last() const { return last_; }
  [[nodiscard]] Mark end() const { return {text_.size(), key_.size()}; }
  // The key between two marks, without the space in front.
  [[nodiscard]] std::string_view key(const Mark& from, const Mark& to) const;
  // Takes back all that was put after `mark`, which ended with a token of kind `last`.
  void take_back(const Mark& mark, Piece last);
  // Puts `tail` in place of the key after `from`; the text stays.
  void replace_key(const Mark& from, std::string_view tail);

  [[nodiscard]] std::uint64_t hash() const;
  // The text with its `$n`: the numbers as written, further ones for literals, no holes where values were
  // taken back.
  [[nodiscard]] std::string numbered() const;

 private:
  struct Value {
    std::size_t offset = 0;
    std::uint32_t number = 0;
  };
  [[nodiscard]] bool needs_space(Piece piece, std::string_view text) const;

  bool postgres_;
  std::string text_;
  std::string key_;
  std::vector<Value> values_;
  Piece last_ = Piece::kStart;
  bool separated_ = false;
  bool shortened_ = false;  // a numbered parameter was taken back
};

}  // namespace planwise
