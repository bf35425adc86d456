#include "analyzer/sql/list_frame.h"

namespace planwise {

void ListFrame::end_element(NormalText& out, Engine engine) {
  element.end = out.end();
  if (element.begin.key > element.end.key) {  // end_row() took it back
    element.begin = element.end;
  }
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
    const bool counted = kind != Kind::kList;
    out.replace_key(previous->end, "");
    const bool told = out.key({}, out.end()).ends_with("...");
    out.replace_key(out.end(), counted && !told ? "..." : "");
    element.end = out.end();
    element.begin = previous->begin;
  }
  // Equal rows of values are one in its digests wherever they stand: `(?) /* , ... */`.
  const bool rows = previous && previous->ends_in_row && element.ends_in_row && element.tokens == 2;
  if (engine != Engine::kPostgres && rows && kind == Kind::kPlain &&
      out.key(element.row, element.end) == out.key(previous->row, previous->end)) {
    out.replace_key(previous->end, "");
    element = *previous;
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
