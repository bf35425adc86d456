#include "tests/server/store/contract.h"

namespace planwise::test {
namespace {

TEST_P(StoreContract, KeepsTargetsWithoutShowingTheirSecrets) {
  const TargetSpec spec{"shop",
                        "postgres://planwise:s3cret@db1/shop?sslmode=require&password=s3cret",
                        "@hourly",
                        {{"team", "checkout"}},
                        {Millis(100), 0.95, std::nullopt}};
  const auto id = store().add_target(spec);
  ASSERT_TRUE(id);
  reopen();
  const auto target = store().target(*id);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->name, "shop");
  EXPECT_EQ(target->address, "postgres://planwise@db1/shop?sslmode=require");
  EXPECT_EQ(target->schedule, "@hourly");
  EXPECT_EQ(target->labels, spec.labels);
  EXPECT_EQ(target->budget, spec.budget);
  EXPECT_EQ(target->origin, TargetOrigin::kRest);
  EXPECT_EQ(target->state, TargetState::kUnknown);
  EXPECT_EQ(target->created_at, clock_.now());
  EXPECT_EQ(*store().target_dsn(*id), spec.dsn);
  EXPECT_EQ(store().target_by_name("shop")->id, *id);
  EXPECT_EQ(store().target_by_name("nowhere").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store().target(TargetId{99}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store().add_target(spec).error().code, ErrorCode::kInvalidArgument);
}

TEST_P(StoreContract, ChangesOnlyWhatIsSet) {
  const TargetId id = add("shop");
  const auto before = *store().target(id);
  const auto changed = store().change_target(id, {std::nullopt, "@daily", std::nullopt, std::nullopt, false});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->schedule, "@daily");
  EXPECT_FALSE(changed->enabled);
  EXPECT_EQ(changed->address, before.address);
  EXPECT_GT(changed->revision, before.revision);
  EXPECT_EQ(*store().target_dsn(id), "postgres://planwise:s3cret@db1/shop");
  ASSERT_TRUE(store().change_target(id, {"host=db2 password=x", {}, {}, {}, {}}));
  EXPECT_EQ(store().target(id)->address, "host=db2");
  EXPECT_EQ(store().change_target(TargetId{99}, {}).error().code, ErrorCode::kNotFound);
}

TEST_P(StoreContract, ListsTargetsByNameAndText) {
  for (const char* name : {"delta", "alpha", "charlie", "bravo"}) {
    add(name);
  }
  TargetQuery query;
  query.page.limit = 3;
  const auto first = store().targets(query);
  ASSERT_TRUE(first);
  ASSERT_EQ(first->items.size(), 3U);
  EXPECT_EQ(first->items[0].name, "alpha");
  query.page.cursor = first->next_cursor;
  const auto second = store().targets(query);
  ASSERT_TRUE(second);
  ASSERT_EQ(second->items.size(), 1U);
  EXPECT_EQ(second->items[0].name, "delta");
  EXPECT_EQ(second->next_cursor, "");
  EXPECT_EQ(store().targets({"RAV", {}, {}})->items.size(), 1U);
  EXPECT_EQ(store().targets({"s3cret", {}, {}})->items.size(), 0U) << "what is secret is not searched either";
}

TEST_P(StoreContract, RemovesATargetWithAllThatIsKnownOfIt) {
  const TargetId shop = add("shop");
  const TargetId other = add("other");
  audit(shop, {sample_recommendation("shop", "missing-index", "orders", Severity::kWarning, 5)},
        {sample_statement(1, "SELECT 1", 1, 1)});
  audit(other, {sample_recommendation("other", "missing-index", "orders", Severity::kWarning, 5)});
  ASSERT_TRUE(store().remove_target(shop));
  EXPECT_EQ(store().target(shop).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ids({}).size(), 1U);
  RecommendationQuery search;
  search.text = "orders";
  EXPECT_EQ(ids(search).size(), 1U);
  EXPECT_EQ(store().audits({})->items.size(), 1U);
  EXPECT_EQ(store().statements({})->items.size(), 0U);
  EXPECT_EQ(store().remove_target(shop).error().code, ErrorCode::kNotFound);
}

TEST_P(StoreContract, FollowsTheTargetsOfTheConfiguration) {
  const TargetSpec one{"one", "postgres://u:secret@a/one", "@daily", {}, {}};
  const TargetSpec two{"two", "postgres://u:secret@a/two", "", {}, {}};
  ASSERT_TRUE(store().sync_config_targets({one, two}));
  const auto target = *store().target_by_name("one");
  EXPECT_EQ(target.origin, TargetOrigin::kConfig);
  EXPECT_EQ(store().target_dsn(target.id).error().code, ErrorCode::kNotFound) << "the secret is not stored";
  ASSERT_TRUE(store().sync_config_targets({one, two}));
  EXPECT_EQ(store().target(target.id)->revision, target.revision) << "nothing changed";
  TargetSpec changed = one;
  changed.schedule = "@hourly";
  ASSERT_TRUE(store().sync_config_targets({changed}));
  EXPECT_EQ(store().target(target.id)->schedule, "@hourly");
  EXPECT_FALSE(store().target_by_name("two")->enabled);
  ASSERT_TRUE(store().sync_config_targets({changed, two}));
  EXPECT_TRUE(store().target_by_name("two")->enabled);
  add("rest");
  const auto clash =
      store().sync_config_targets({{"new", "host=a", "", {}, {}}, {"rest", "host=a", "", {}, {}}});
  EXPECT_EQ(clash.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store().target_by_name("new").error().code, ErrorCode::kNotFound) << "all or nothing";
}

}  // namespace
}  // namespace planwise::test
