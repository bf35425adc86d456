#include "analyzer/sql/list_frame.h"

namespace planwise {

void ListFrame::end_element(NormalText& out, Engine engine) {
  element.end = out.end();
  constant = constant && element.constant;
  const auto key_of = [&](const Element& part) { return out.key(part.begin, part.end); };
  if (kind == Kind::kList && previous && element.constant && key_of(element) == key_of(*previous)) {
    out.take_back(previous->end, Piece::kValue);
    return;
  }
  // MySQL's digests write any run of values as `?, ...`, and one in parentheses as `(...)`, even if it is a
  // row.
  const bool run = previous && previous->ends_in_value && element.ends_in_value && element.tokens == 1;
  if (engine != Engine::kPostgres && run) {
    const bool counted = kind == Kind::kPlain || kind == Kind::kType;
    out.replace_key(previous->end, "");
    const bool told = out.key({}, out.end()).ends_with("...");
    out.replace_key(out.end(), counted && !told ? "..." : "");
    element.end = out.end();
    element.begin = previous->begin;
  }
  previous = element;
}

void ListFrame::end_row(NormalText& out) {
  row.end = out.end();
  if (previous_row && out.key(row.begin, row.end) == out.key(previous_row->begin, previous_row->end)) {
    out.take_back(previous_row->end, Piece::kClose);
  } else {
    previous_row = row;
  }
}

}  // namespace planwise
