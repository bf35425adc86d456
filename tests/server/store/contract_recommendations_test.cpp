#include "tests/server/store/contract.h"

namespace planwise::test {
namespace {

using std::chrono::hours;

TEST_P(StoreContract, RemembersRecommendationsAcrossAudits) {
  const TargetId shop = add("shop");
  const auto orders = sample_recommendation("shop", "missing-index", "orders", Severity::kWarning, 5);
  const auto users = sample_recommendation("shop", "missing-index", "users", Severity::kInfo, 0);
  const TimePoint first = clock_.now();
  EXPECT_EQ(audit(shop, {orders, users}).appeared.size(), 2U);
  ASSERT_TRUE(store().change_recommendation(users.id, {RecommendationStatus::kDismissed, {}, "not now"}));

  clock_.advance(hours(1));
  const SaveSummary second = audit(shop, {orders});
  EXPECT_EQ(second.appeared.size(), 0U);
  EXPECT_EQ(second.gone, std::vector{users.id});
  EXPECT_EQ(store().recommendation(orders.id)->first_seen_at, first);
  EXPECT_EQ(store().recommendation(orders.id)->last_seen_at, clock_.now());
  EXPECT_FALSE(store().recommendation(users.id)->current);
  RecommendationQuery everything;
  everything.status = {RecommendationStatus::kOpen, RecommendationStatus::kDismissed};
  EXPECT_EQ(ids(everything), std::vector{orders.id});
  everything.history = true;
  EXPECT_EQ(ids(everything).size(), 2U);

  clock_.advance(hours(1));
  EXPECT_EQ(audit(shop, {orders, users}).appeared, std::vector{users.id});
  const auto back = store().recommendation(users.id);
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->current);
  EXPECT_EQ(back->first_seen_at, first);
  EXPECT_EQ(back->status, RecommendationStatus::kDismissed) << "a person's decision lasts";
  EXPECT_EQ(back->note, "not now");
  EXPECT_NE(back->document.find("public.users"), std::string::npos);
}

TEST_P(StoreContract, LeavesTheListAloneWhenAnAuditFails) {
  const TargetId shop = add("shop");
  audit(shop, {sample_recommendation("shop", "missing-index", "orders", Severity::kWarning, 5)});
  ASSERT_TRUE(store().end_audit(begin(shop), AuditState::kFailed, {ErrorCode::kTimeout, "late"}, false));
  EXPECT_EQ(ids({}).size(), 1U);
}

TEST_P(StoreContract, ShowsWhatWasSnoozedAgainInTime) {
  const TargetId shop = add("shop");
  const auto orders = sample_recommendation("shop", "missing-index", "orders", Severity::kWarning, 5);
  audit(shop, {orders});
  const auto snoozed =
      store().change_recommendation(orders.id, {RecommendationStatus::kSnoozed, clock_.now() + hours(1), {}});
  ASSERT_TRUE(snoozed);
  EXPECT_EQ(snoozed->status, RecommendationStatus::kSnoozed);
  EXPECT_EQ(snoozed->snoozed_until, clock_.now() + hours(1));
  EXPECT_EQ(ids({}).size(), 0U);
  RecommendationQuery only_snoozed;
  only_snoozed.status = {RecommendationStatus::kSnoozed};
  EXPECT_EQ(ids(only_snoozed).size(), 1U);
  EXPECT_EQ(store().recommendation_counts({})->at(0).status, RecommendationStatus::kSnoozed);

  clock_.advance(hours(1));
  EXPECT_EQ(ids({}).size(), 1U);
  EXPECT_EQ(ids(only_snoozed).size(), 0U);
  EXPECT_EQ(store().recommendation(orders.id)->status, RecommendationStatus::kOpen);
  EXPECT_EQ(store().recommendation(orders.id)->snoozed_until, std::nullopt);
  const auto counts = *store().recommendation_counts({});
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].status, RecommendationStatus::kOpen);
  EXPECT_EQ(counts[0].count, 1);
  audit(shop, {orders});
  EXPECT_EQ(store().recommendation_counts({})->at(0).status, RecommendationStatus::kOpen);
}

TEST_P(StoreContract, TakesOnlyDecisionsThatAPersonCanMake) {
  const TargetId shop = add("shop");
  const auto orders = sample_recommendation("shop", "missing-index", "orders", Severity::kWarning, 5);
  audit(shop, {orders});
  using Status = RecommendationStatus;
  const auto code = [&](const RecommendationChange& change) {
    const auto changed = store().change_recommendation(orders.id, change);
    return changed ? std::optional<ErrorCode>() : std::optional(changed.error().code);
  };
  EXPECT_EQ(code({Status::kVerified, {}, {}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({Status::kIneffective, {}, {}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({Status::kSnoozed, clock_.now(), {}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({Status::kApplied, clock_.now() + hours(1), {}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({{}, clock_.now() + hours(1), {}}), ErrorCode::kInvalidArgument) << "it is not snoozed";
  EXPECT_EQ(code({Status::kSnoozed, {}, {}}), std::nullopt) << "until somebody changes it";
  clock_.advance(hours(24 * 400));
  EXPECT_EQ(store().recommendation(orders.id)->status, Status::kSnoozed);
  EXPECT_EQ(code({{}, {}, "a note"}), std::nullopt);
  EXPECT_EQ(store().recommendation(orders.id)->status, Status::kSnoozed);
  EXPECT_EQ(code({Status::kOpen, {}, {}}), std::nullopt);
  EXPECT_EQ(store().recommendation(orders.id)->note, "a note");
  EXPECT_EQ(store().change_recommendation("0000000000000000", {}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store().change_recommendation("'; DROP TABLE targets", {}).error().code, ErrorCode::kNotFound);
}

TEST_P(StoreContract, OrdersRecommendations) {
  const TargetId shop = add("shop");
  const auto critical = sample_recommendation("shop", "key-exhaustion", "a", Severity::kCritical, 0);
  const auto big = sample_recommendation("shop", "missing-index", "b", Severity::kInfo, 900);
  const auto small = sample_recommendation("shop", "missing-index", "c", Severity::kWarning, 10);
  const auto warning = sample_recommendation("shop", "unused-index", "d", Severity::kWarning, 0);
  const auto info = sample_recommendation("shop", "unused-index", "e", Severity::kInfo, 0);
  audit(shop, {info, warning});
  clock_.advance(hours(1));
  audit(shop, {info, warning, small, big, critical});
  using Ids = std::vector<std::string>;
  RecommendationQuery query;
  query.page.limit = 2;
  EXPECT_EQ(ids(query), (Ids{critical.id, big.id, small.id, warning.id, info.id}));
  query.target = shop;
  EXPECT_EQ(ids(query), (Ids{critical.id, big.id, small.id, warning.id, info.id}));
  query.sort = RecommendationSort::kImpact;
  EXPECT_EQ(ids(query), (Ids{big.id, small.id, critical.id, warning.id, info.id}));
  query.descending = false;
  EXPECT_EQ(ids(query), (Ids{info.id, warning.id, critical.id, small.id, big.id}));
  query.sort = RecommendationSort::kSeverity;
  query.descending = true;
  EXPECT_EQ(ids(query), (Ids{critical.id, small.id, warning.id, big.id, info.id}));
  query.sort = RecommendationSort::kFirstSeen;
  query.descending = false;
  const Ids by_age = ids(query);
  EXPECT_EQ((std::set<std::string>{by_age[0], by_age[1]}), (std::set<std::string>{info.id, warning.id}));
  query.sort = RecommendationSort::kLastSeen;
  EXPECT_EQ(ids(query).size(), 5U);
  query.history = true;
  EXPECT_EQ(ids(query).size(), 5U);
}

TEST_P(StoreContract, FiltersRecommendations) {
  const TargetId shop = add("shop");
  const TargetId other = add("other");
  const auto orders = sample_recommendation("shop", "missing-index", "orders", Severity::kWarning, 5);
  const auto strange = sample_recommendation("shop", "unused-index", "Größe \"50%_\"", Severity::kInfo, 0);
  const auto users = sample_recommendation("other", "missing-index", "users", Severity::kCritical, 7);
  audit(shop, {orders, strange});
  audit(other, {users});
  using Ids = std::vector<std::string>;
  const auto found = [&](const std::function<void(RecommendationQuery&)>& set) {
    RecommendationQuery query;
    set(query);
    return ids(query);
  };
  EXPECT_EQ(found([&](auto& query) { query.target = other; }), Ids{users.id});
  EXPECT_EQ(found([](auto& query) { query.rule = "unused-index"; }), Ids{strange.id});
  EXPECT_EQ(found([](auto& query) { query.severity = Severity::kWarning; }), Ids{orders.id});
  EXPECT_EQ(found([](auto& query) { query.status = {RecommendationStatus::kApplied}; }), Ids{});
  EXPECT_EQ(found([](auto& query) { query.text = "ORDERS"; }), Ids{orders.id});
  EXPECT_EQ(found([](auto& query) { query.text = "\"50%_\""; }), Ids{strange.id})
      << "no character is special";
  EXPECT_EQ(found([](auto& query) { query.text = "50__"; }), Ids{});
  EXPECT_EQ(found([](auto& query) { query.text = "ö"; }), Ids{strange.id}) << "shorter than a trigram";
  EXPECT_EQ(found([](auto& query) { query.text = "other"; }), Ids{users.id}) << "the target's name";
  EXPECT_EQ(found([](auto& query) { query.text = "customer_id"; }).size(), 3U);
  EXPECT_EQ(found([](auto& query) { query.text = "NEAR(a b) OR * -x"; }), Ids{}) << "no query language";
  EXPECT_EQ(found([&](auto& query) {
              query.text = "index";
              query.target = shop;
              query.severity = Severity::kInfo;
            }),
            Ids{strange.id});
}

TEST_P(StoreContract, PagesThroughThousandsOnce) {
  const TargetId shop = add("shop");
  std::vector<Recommendation> many;
  for (int i = 0; i < 3000; ++i) {
    many.push_back(sample_recommendation("shop", i % 2 == 0 ? "missing-index" : "unused-index",
                                         "t" + std::to_string(i), static_cast<Severity>(i % 3), i % 7));
  }
  EXPECT_EQ(audit(shop, many).appeared.size(), many.size());
  RecommendationQuery query;
  query.page.limit = 499;
  EXPECT_EQ(ids(query).size(), many.size());
  query.text = "public.t";
  EXPECT_EQ(ids(query).size(), many.size()) << "more matches than are worth sorting";
  query.text = "unused-index";
  EXPECT_EQ(ids(query).size(), many.size() / 2);
  std::int64_t counted = 0;
  const auto counts = store().recommendation_counts(shop);
  ASSERT_TRUE(counts);
  for (const RecommendationCount& count : *counts) {
    counted += count.count;
  }
  EXPECT_EQ(counted, 3000);
}

TEST_P(StoreContract, RefusesAPageThatIsNone) {
  const TargetId shop = add("shop");
  audit(shop, {sample_recommendation("shop", "missing-index", "a", Severity::kWarning, 5),
               sample_recommendation("shop", "missing-index", "b", Severity::kWarning, 6)});
  RecommendationQuery query;
  for (const int limit : {0, -1, kMaxPage + 1}) {
    query.page.limit = limit;
    EXPECT_EQ(store().recommendations(query).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(store().targets({"", {}, query.page}).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(store().audits({{}, {}, query.page}).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(store().statements({{}, "", {}, true, query.page}).error().code, ErrorCode::kInvalidArgument);
  }
  query.page.limit = 1;
  const std::string cursor = store().recommendations(query)->next_cursor;
  ASSERT_FALSE(cursor.empty());
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    query.page.cursor = cursor;
    query.page.cursor[i] = cursor[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(store().recommendations(query).error().code, ErrorCode::kInvalidArgument) << i;
  }
  for (const std::string& other :
       {std::string("x"), cursor + "A", cursor.substr(1), std::string("\0\xff", 2)}) {
    query.page.cursor = other;
    EXPECT_EQ(store().recommendations(query).error().code, ErrorCode::kInvalidArgument);
  }
  query.page.cursor = cursor;
  EXPECT_TRUE(store().recommendations(query));
  query.rule = "missing-index";
  EXPECT_EQ(store().recommendations(query).error().code, ErrorCode::kInvalidArgument) << "another filter";
}

TEST_P(StoreContract, CountsByDecision) {
  const TargetId shop = add("shop");
  const auto orders = sample_recommendation("shop", "missing-index", "orders", Severity::kWarning, 5);
  const auto users = sample_recommendation("shop", "missing-index", "users", Severity::kWarning, 5);
  audit(shop, {orders, users});
  ASSERT_TRUE(store().change_recommendation(users.id, {RecommendationStatus::kApplied, {}, {}}));
  const auto counts = *store().recommendation_counts(shop);
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].status, RecommendationStatus::kOpen);
  EXPECT_EQ(counts[0].count, 1);
  EXPECT_EQ(counts[1].status, RecommendationStatus::kApplied);
  EXPECT_EQ(counts[1].count, 1);
  EXPECT_EQ(store().recommendation_counts(TargetId{99})->size(), 0U);
}

}  // namespace
}  // namespace planwise::test
