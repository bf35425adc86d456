// Compares index definitions: when one index does all that another does. Pure text and order; no planner is
// asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "analyzer/model/schema.h"

namespace planwise {

// How the wider index is read to give what the narrower one gives. PostgreSQL and InnoDB read a B-tree both
// ways at the same cost, so (a DESC, b) backward is (a, b DESC).
enum class ScanDirection : std::uint8_t { kForward, kBackward };

// Equal but for white space, parentheses and the casts that PostgreSQL adds when it prints an expression.
// For questions only whose wrong "yes" costs a proposal, never an index: parentheses may matter.
[[nodiscard]] bool same_expression(std::string_view left, std::string_view right);
// `def` with its expressions and predicate spelt as `other` spells them, where they are the same.
[[nodiscard]] IndexDef in_spelling_of(IndexDef def, const IndexDef& other);

// The two have the same table, method, keys (order, direction, NULLS, operator class, collation, expressions,
// prefix lengths), included columns as a set, predicate, uniqueness and treatment of NULLs. Storage options
// do not count.
[[nodiscard]] bool is_duplicate(const IndexDef& left, const IndexDef& right);

// Whether every scan that `narrow` serves is served by `wide` too: both are B-trees of one table with the
// same predicate, the keys of `narrow` lead those of `wide` in the same or all in the reverse direction, and
// `wide` holds every column that `narrow` includes. Duplicates cover each other. Only a plain `narrow` is
// ever covered: a unique one is a constraint on the data, and the answer is nullopt.
[[nodiscard]] std::optional<ScanDirection> covered_by(const IndexDef& narrow, const IndexDef& wide);

// Whether nothing but speed hangs on the index: it is not unique, backs no constraint, is not the replica
// identity, no foreign key points at it, it has no statistics on an expression and is no partition's part of
// a larger index.
[[nodiscard]] bool is_plain(const Index& index);

}  // namespace planwise
