#include "analyzer/sql/normal_text.h"

#include <algorithm>

#include "analyzer/base/hash.h"

namespace planwise {
namespace {

bool completes_operand(Piece piece) {
  return piece == Piece::kName || piece == Piece::kValue || piece == Piece::kClose;
}

}  // namespace

NormalText::NormalText(Engine engine, std::size_t expected_size) : postgres_(engine == Engine::kPostgres) {
  text_.reserve(expected_size);
  key_.reserve(expected_size);
}

void NormalText::put(Piece piece, std::string_view text, std::string_view key) {
  if (separated_ && last_ != Piece::kStart) {
    text_ += ';';
    key_ += ';';
    last_ = Piece::kSeparator;
  }
  separated_ = false;
  if (needs_space(piece, text)) {
    text_ += ' ';
    key_ += ' ';
  }
  text_ += text;
  key_ += key;
  last_ = piece;
}

void NormalText::put_value(std::uint32_t number) {
  put(Piece::kValue, postgres_ ? "$" : "?", "?");
  if (postgres_) {
    values_.push_back({text_.size(), number});
  }
}

// Two tokens may only touch where they cannot be read as one: the text must read as the same tokens again.
bool NormalText::needs_space(Piece piece, std::string_view text) const {
  if (last_ == Piece::kStart || last_ == Piece::kOpen || piece == Piece::kClose ||
      piece == Piece::kSeparator) {
    return false;
  }
  const bool digit = text.front() >= '0' && text.front() <= '9';
  if (last_ == Piece::kDot) {
    return digit || (piece != Piece::kName && piece != Piece::kKeyword && text != "*");
  }
  if (last_ == Piece::kCast) {
    return piece != Piece::kName && piece != Piece::kKeyword;
  }
  if (last_ == Piece::kSign) {
    return piece != Piece::kName && piece != Piece::kKeyword && piece != Piece::kValue &&
           piece != Piece::kOpen;
  }
  if (piece == Piece::kDot || piece == Piece::kCast) {
    return !completes_operand(last_);
  }
  if (piece == Piece::kOpen) {
    return last_ != Piece::kName && !(text == "[" && completes_operand(last_));
  }
  return true;
}

std::string_view NormalText::key(const Mark& from, const Mark& to) const {
  std::string_view part = std::string_view(key_).substr(from.key, to.key - from.key);
  part.remove_prefix(part.starts_with(' ') ? 1 : 0);
  return part;
}

void NormalText::take_back(const Mark& mark, Piece last) {
  text_.resize(mark.text);
  key_.resize(mark.key);
  while (!values_.empty() && values_.back().offset > mark.text) {
    shortened_ = shortened_ || values_.back().number != 0;
    values_.pop_back();
  }
  last_ = last;
}

void NormalText::replace_key(const Mark& from, std::string_view tail) {
  key_.resize(from.key);
  key_ += tail;
}

std::uint64_t NormalText::hash() const {
  return hash64(key_);
}

std::string NormalText::numbered() const {
  std::uint32_t highest = 0;
  for (const Value& value : values_) {
    highest = std::max(highest, value.number);
  }
  std::vector<std::uint32_t> renamed(std::size_t{highest} + 1);
  if (shortened_) {
    for (const Value& value : values_) {
      renamed[value.number] = 1;
    }
    highest = 0;
    for (std::size_t number = 1; number < renamed.size(); ++number) {
      highest += renamed[number];
      renamed[number] = highest;
    }
  }
  std::string out;
  out.reserve(text_.size() + values_.size() * 2);
  std::size_t copied = 0;
  for (const Value& value : values_) {
    out.append(text_, copied, value.offset - copied);
    copied = value.offset;
    const std::uint32_t written = shortened_ ? renamed[value.number] : value.number;
    out += std::to_string(value.number == 0 ? ++highest : written);
  }
  return out.append(text_, copied);
}

}  // namespace planwise
