// Lists of values whose length does not matter, while a statement is normalised.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "analyzer/model/engine.h"
#include "analyzer/sql/normal_text.h"

namespace planwise {

// The whole statement, or what stands between two parentheses or brackets.
struct ListFrame {
  enum class Kind : std::uint8_t {
    kPlain,
    kList,  // IN (...), ARRAY[...]: equal neighbours are one
    kRow,   // of VALUES
    kType,  // numeric(10, 2)
  };
  struct Element {
    NormalText::Mark begin;
    NormalText::Mark end;
    bool constant = true;  // values, signs and casts only
    int tokens = 0;
    bool ends_in_value = false;
    bool ends_in_row = false;  // in parentheses around values
    NormalText::Mark row;      // where these parentheses begin
  };
  Kind kind = Kind::kPlain;
  NormalText::Mark open;            // before the parenthesis
  std::string_view opener;          // the word before the parenthesis
  std::string_view word;            // the token before, if it was a word
  bool first = true;                // no token yet
  bool query = false;               // begins with SELECT or its kin
  bool orders = false;              // in an ORDER BY or GROUP BY of a query
  bool constant = true;             // all elements so far are
  Element element;                  // being read
  std::optional<Element> previous;  // the one before it
  bool values = false;              // after VALUES, while there are only rows
  Element row;                      // of VALUES, being read
  std::optional<Element> previous_row;

  // To be called before the comma or parenthesis that ends an element: one that equals its neighbour is taken
  // back.
  void end_element(NormalText& out, Engine engine);
  // To be called after the parenthesis that ends a row of VALUES.
  void end_row(NormalText& out);
};

}  // namespace planwise
