// What an inverted index (GIN) of a column would hold, estimated from the column's statistics.
//
// The values that ANALYZE sampled (common ones and the histogram's bounds) are taken apart as the operator
// class would: array elements, keys and values of jsonb, words, trigrams. Entries that the sample shows once
// stand for many more; how many different ones is estimated as ANALYZE does it for columns: P. J. Haas and L.
// Stokes, "Estimating the Number of Classes in a Finite Population", IBM Research Report RJ 10025 (1996), as
// in compute_scalar_stats() of analyze.c; of jsonb for each path by itself, because one unique path would
// drown in many repetitive ones. For arrays and tsvector the statistics list the common elements themselves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/units.h"
#include "analyzer/model/schema.h"

namespace planwise {

enum class EntryKind : std::uint8_t {
  kElements,    // of an array
  kKeysValues,  // of jsonb: every key and every value (jsonb_ops)
  kPaths,       // of jsonb: a hash of every value with its path (jsonb_path_ops)
  kWords,       // of a text or tsvector
  kTrigrams,    // of a text (pg_trgm)
};

// Different entries, each held by as many rows.
struct EntryGroup {
  double entries = 0;
  double rows = 0;
  double key_bytes = 0;
};

struct InvertedEntries {
  std::vector<EntryGroup> groups;
  double per_row = 0;  // different entries of a row, on average
};

// Of `column`, or of an expression over it that keeps its values much as they are, in a table of `rows` rows.
// By the average width alone where the values are not known (a snapshot file without values).
[[nodiscard]] InvertedEntries inverted_entries(EntryKind kind, const Column& column, double rows);

// How large the index is right after CREATE INDEX on a table of `pages` pages, and of what.
struct GinSize {
  double entry_pages = 0;
  double posting_pages = 0;

  [[nodiscard]] double pages() const { return 1 + entry_pages + posting_pages; }  // with the metapage
  [[nodiscard]] Bytes bytes() const;
};

// A key with the rows that hold it stands in the entry tree, the rows as compressed differences; lists longer
// than a third of a page have pages of their own. Of six indexes really built
// (tests/live/advise_inverted_test.cpp) the estimate was 0.85 to 1.65 of the size. Source:
// src/backend/access/gin/README, GinFormTuple() in ginentrypage.c, ginpostinglist.c, GinMaxItemSize in
// ginblock.h.
[[nodiscard]] GinSize gin_size(const InvertedEntries& entries, double pages);

// The different trigrams of a text, as show_trgm() has them: each word of letters and digits, in lower case,
// with two blanks before it and one behind. Source: https://www.postgresql.org/docs/current/pgtrgm.html
[[nodiscard]] std::vector<std::string> trigrams_of(std::string_view text);

}  // namespace planwise
