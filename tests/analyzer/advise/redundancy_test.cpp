#include "analyzer/advise/redundancy.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace planwise {
namespace {

IndexKey key(std::string column, bool descending = false) {
  IndexKey made;
  made.expression = std::move(column);
  made.descending = descending;
  made.nulls_first = descending;
  return made;
}

IndexDef on_orders(std::vector<IndexKey> keys) {
  IndexDef made;
  made.table = {"public", "orders"};
  made.keys = std::move(keys);
  return made;
}

TEST(Redundancy, AShorterIndexIsCoveredByOneItLeads) {
  EXPECT_EQ(covered_by(on_orders({key("a")}), on_orders({key("a"), key("b")})), ScanDirection::kForward);
  EXPECT_FALSE(covered_by(on_orders({key("b")}), on_orders({key("a"), key("b")})));
  EXPECT_FALSE(covered_by(on_orders({key("a"), key("b")}), on_orders({key("a")})));
}

TEST(Redundancy, ReadingBackwardTurnsEveryKeyAndItsNulls) {
  const IndexDef wide = on_orders({key("a"), key("b", true), key("c")});
  EXPECT_EQ(covered_by(on_orders({key("a", true), key("b")}), wide), ScanDirection::kBackward);
  EXPECT_FALSE(covered_by(on_orders({key("a"), key("b")}), wide));
  IndexKey nulls_last = key("a", true);
  nulls_last.nulls_first = false;
  EXPECT_FALSE(covered_by(on_orders({nulls_last}), wide)) << "backward gives NULLS FIRST";
}

TEST(Redundancy, AUniqueIndexIsNeverCoveredButCovers) {
  IndexDef unique = on_orders({key("a")});
  unique.unique = true;
  EXPECT_FALSE(covered_by(unique, on_orders({key("a"), key("b")})));
  EXPECT_TRUE(covered_by(on_orders({key("a")}), unique));
  EXPECT_FALSE(is_duplicate(unique, on_orders({key("a")})));
}

TEST(Redundancy, IncludedColumnsAreASetThatTheWiderIndexMustHold) {
  IndexDef narrow = on_orders({key("a")});
  narrow.include = {"x", "b"};
  IndexDef wide = on_orders({key("a"), key("b")});
  EXPECT_FALSE(covered_by(narrow, wide));
  wide.include = {"y", "x"};
  EXPECT_TRUE(covered_by(narrow, wide));
  IndexDef shuffled = on_orders({key("a")});
  shuffled.include = {"b", "x"};
  EXPECT_TRUE(is_duplicate(narrow, shuffled));
}

TEST(Redundancy, AnyDifferenceInMeaningKeepsBoth) {
  const IndexDef plain = on_orders({key("a")});
  IndexDef other = plain;
  other.keys[0].opclass = "text_pattern_ops";
  EXPECT_FALSE(covered_by(plain, other));
  other = plain;
  other.keys[0].collation = "C";
  EXPECT_FALSE(covered_by(plain, other));
  other = plain;
  other.predicate = "deleted_at IS NULL";
  EXPECT_FALSE(covered_by(plain, other));
  EXPECT_FALSE(covered_by(other, plain));
  other = plain;
  other.method = IndexMethod::kHash;
  EXPECT_FALSE(covered_by(plain, other));
  EXPECT_FALSE(covered_by(other, other)) << "only B-trees have an order to lead";
  EXPECT_TRUE(is_duplicate(other, other));
  other = plain;
  other.table.schema = "archive";
  EXPECT_FALSE(covered_by(plain, other));
  other = plain;
  other.keys[0].is_expression = true;
  EXPECT_FALSE(is_duplicate(plain, other));
}

TEST(Redundancy, StorageOptionsDoNotTellIndexesApart) {
  const IndexDef plain = on_orders({key("a")});
  IndexDef packed = plain;
  packed.options["fillfactor"] = "70";
  EXPECT_TRUE(is_duplicate(plain, packed));
}

TEST(Redundancy, AnIndexWithADutyIsNotPlain) {
  Index index;
  index.def = on_orders({key("a")});
  EXPECT_TRUE(is_plain(index));
  Index constraint = index;
  constraint.constraint = ConstraintKind::kUnique;
  EXPECT_FALSE(is_plain(constraint));
  Index identity = index;
  identity.replica_identity = true;
  EXPECT_FALSE(is_plain(identity));
  Index referenced = index;
  referenced.referenced = true;
  EXPECT_FALSE(is_plain(referenced));
  Index part = index;
  part.parent_index = "all_orders_a_idx";
  EXPECT_FALSE(is_plain(part));
  Index statistics = index;
  statistics.expression_stats = true;
  EXPECT_FALSE(is_plain(statistics));
}

TEST(SameExpression, LooksPastWhatPostgresAddsWhenItPrints) {
  EXPECT_TRUE(same_expression("lower(email)", "lower((email)::text)"));
  EXPECT_TRUE(same_expression("customer_id IS NOT NULL", "(customer_id IS NOT NULL)"));
  EXPECT_FALSE(same_expression("created_at", "(created_at)::date"));
  EXPECT_FALSE(same_expression("lower(email)", "upper(email)"));
  EXPECT_TRUE(same_expression("to_tsvector('english', body)", "to_tsvector('english'::regconfig, body)"));
  EXPECT_FALSE(same_expression("status = 'Open'", "(status = 'open'::text)")) << "quotes keep their case";
}

}  // namespace
}  // namespace planwise
