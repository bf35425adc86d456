#include "tests/server/store/contract.h"

namespace planwise::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST_P(StoreContract, RunsOneAuditATarget) {
  const TargetId shop = add("shop");
  const auto first = store().queue_audit(shop, AuditTrigger::kSchedule);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->created);
  const auto again = store().queue_audit(shop, AuditTrigger::kManual);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->created);
  EXPECT_EQ(again->id, first->id);
  EXPECT_EQ(store().queue_audit(TargetId{99}, AuditTrigger::kManual).error().code, ErrorCode::kNotFound);

  clock_.advance(minutes(1));
  const auto claimed = store().claim_audit();
  ASSERT_TRUE(claimed && *claimed);
  EXPECT_EQ((*claimed)->state, AuditState::kRunning);
  EXPECT_EQ((*claimed)->started_at, clock_.now());
  EXPECT_EQ((*claimed)->trigger, AuditTrigger::kSchedule);
  EXPECT_FALSE(*store().claim_audit()) << "there is no other";
  EXPECT_FALSE(store().queue_audit(shop, AuditTrigger::kManual)->created) << "it runs";

  ASSERT_TRUE(store().set_progress(first->id, 0.5, "planning statements"));
  EXPECT_EQ(store().audit(first->id)->progress, 0.5);
  EXPECT_EQ(store().audit(first->id)->step, "planning statements");
}

TEST_P(StoreContract, EndsAnAuditWell) {
  const TargetId shop = add("shop");
  const AuditId id = begin(shop);
  EXPECT_EQ(store().report_json(id).error().code, ErrorCode::kNotFound);
  clock_.advance(minutes(2));
  const AuditReport report = sample_report(
      "shop", {sample_recommendation("shop", "missing-index", "orders", Severity::kWarning, 5)});
  save(id, report);
  reopen();
  const auto ended = store().audit(id);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->state, AuditState::kSucceeded);
  EXPECT_EQ(ended->progress, 1);
  EXPECT_EQ(ended->finished_at, clock_.now());
  EXPECT_EQ(ended->recommendations, 1);
  EXPECT_EQ(ended->skipped, 1);
  EXPECT_EQ(*store().report_json(id), report_json(report));
  EXPECT_EQ(store().target(shop)->state, TargetState::kUp);
  EXPECT_EQ(store().target(shop)->last_success, clock_.now());
  EXPECT_EQ(store().target(shop)->engine, "postgresql");
  ASSERT_TRUE(*store().newest_success(shop));
  EXPECT_EQ((*store().newest_success(shop))->id, id);
  const std::string json = report_json(report);
  EXPECT_EQ(store().save_audit(id, {report, json, nullptr}).error().code, ErrorCode::kInvalidArgument)
      << "it is over";
}

TEST_P(StoreContract, EndsAnAuditBadly) {
  const TargetId shop = add("shop");
  const AuditId id = begin(shop);
  const Error down{ErrorCode::kUnavailable, "cannot connect to db1:5432", "start the server"};
  ASSERT_TRUE(store().end_audit(id, AuditState::kFailed, down, true));
  EXPECT_EQ(store().audit(id)->state, AuditState::kFailed);
  EXPECT_EQ(store().audit(id)->error, down.message);
  EXPECT_EQ(store().audit(id)->hint, down.hint);
  EXPECT_EQ(store().target(shop)->state, TargetState::kDown);
  EXPECT_EQ(store().target(shop)->last_error, down.message);
  EXPECT_EQ(store().end_audit(id, AuditState::kFailed, down, true).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store().end_audit(AuditId{99}, AuditState::kFailed, down, true).error().code,
            ErrorCode::kNotFound);

  audit(shop, {});
  EXPECT_EQ(store().target(shop)->state, TargetState::kUp);
  EXPECT_EQ(store().target(shop)->last_error, "");
  const auto queued = store().queue_audit(shop, AuditTrigger::kManual);
  ASSERT_TRUE(
      store().end_audit(queued->id, AuditState::kCancelled, {ErrorCode::kTimeout, "cancelled"}, false));
  EXPECT_EQ(store().audit(queued->id)->state, AuditState::kCancelled);
  EXPECT_EQ(store().target(shop)->state, TargetState::kUp)
      << "a cancelled audit says nothing about the target";
}

TEST_P(StoreContract, FailsWhatAnEarlierProcessLeftRunning) {
  const TargetId shop = add("shop");
  const TargetId other = add("other");
  const AuditId running = begin(shop);
  const auto queued = store().queue_audit(other, AuditTrigger::kManual);
  reopen();
  EXPECT_EQ(*store().fail_interrupted(), 1);
  EXPECT_EQ(store().audit(running)->state, AuditState::kFailed);
  EXPECT_EQ(store().audit(running)->error, "interrupted");
  EXPECT_EQ(store().audit(queued->id)->state, AuditState::kQueued) << "what waits is run by the next process";
  EXPECT_TRUE(store().queue_audit(shop, AuditTrigger::kManual)->created);
}

TEST_P(StoreContract, ListsAuditsNewestFirst) {
  const TargetId shop = add("shop");
  const TargetId other = add("other");
  for (int i = 0; i < 3; ++i) {
    audit(shop, {});
    audit(other, {});
  }
  ASSERT_TRUE(store().end_audit(begin(shop), AuditState::kFailed, {ErrorCode::kTimeout, "late"}, false));
  AuditQuery query;
  query.target = shop;
  query.page.limit = 3;
  const auto page = store().audits(query);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->items.size(), 3U);
  EXPECT_GT(page->items[0].id, page->items[1].id);
  EXPECT_EQ(page->items[0].target_name, "shop");
  query.page.cursor = page->next_cursor;
  EXPECT_EQ(store().audits(query)->items.size(), 1U);
  EXPECT_EQ(store().audits({{}, AuditState::kFailed, {}})->items.size(), 1U);
  query.target = other;
  EXPECT_EQ(store().audits(query).error().code, ErrorCode::kInvalidArgument) << "a cursor of another list";
}

TEST_P(StoreContract, KeepsTheStatementsOfTheNewestAudit) {
  const TargetId shop = add("shop");
  audit(shop, {},
        {sample_statement(1, "SELECT * FROM orders", 10, 100), sample_statement(2, "SELECT 2", 900, 9)});
  audit(shop, {},
        {sample_statement(1, "SELECT * FROM orders", 20, 300), sample_statement(3, "SELECT 3", 5, 50)});
  StatementQuery query;
  query.page.limit = 1;
  const auto first = store().statements(query);
  ASSERT_TRUE(first);
  ASSERT_EQ(first->items.size(), 1U);
  EXPECT_EQ(first->items[0].id, StatementId{1});
  EXPECT_NE(first->items[0].document.find("\"calls\":20"), std::string::npos);
  query.page.cursor = first->next_cursor;
  const auto second = store().statements(query);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->items.at(0).id, StatementId{3});
  EXPECT_EQ(second->next_cursor, "");
  for (const auto sort : {StatementSort::kCalls, StatementSort::kRows, StatementSort::kMeanTime}) {
    StatementQuery sorted{shop, "", sort, false, {1, ""}};
    const auto least = store().statements(sorted);
    ASSERT_TRUE(least);
    EXPECT_EQ(least->items.at(0).id, StatementId{3});
    sorted.page.cursor = least->next_cursor;
    EXPECT_EQ(store().statements(sorted)->items.at(0).id, StatementId{1});
  }
  EXPECT_EQ(store().statements({shop, "from ORDERS", {}, true, {}})->items.size(), 1U);
  EXPECT_EQ(store().statement(StatementId{2}, {}).error().code, ErrorCode::kNotFound);
  const TargetId other = add("other");
  audit(other, {}, {sample_statement(1, "SELECT * FROM orders", 1, 1)});
  EXPECT_EQ(store().statement(StatementId{1}, {})->target, shop) << "where it takes most time";
  EXPECT_EQ(store().statement(StatementId{1}, other)->target, other);
}

TEST_P(StoreContract, KeepsReadingsAndTheirDifferences) {
  const TargetId shop = add("shop");
  EXPECT_FALSE(*store().newest_reading(shop));
  const auto read = [&](std::int64_t calls) {
    return sample_reading(clock_.now(), {sample_statement(1, "SELECT 1", calls, static_cast<double>(calls))});
  };
  const Reading first = read(100);
  audit(shop, {}, {}, &first);
  const TimePoint from = clock_.now();
  clock_.advance(minutes(30));
  const Reading second = read(130);
  audit(shop, {}, {}, &second);
  const auto points = store().statement_history(StatementId{1}, shop, {from, clock_.now()});
  ASSERT_TRUE(points);
  ASSERT_EQ(points->size(), 1U);
  EXPECT_EQ(points->at(0).window, (Window{from, clock_.now()}));
  EXPECT_EQ(points->at(0).calls, 30);
  EXPECT_EQ(points->at(0).rows, 90);
  EXPECT_EQ(points->at(0).total_time, Millis(30));

  clock_.advance(minutes(30));
  Reading restarted = read(10);
  restarted.workload.window.from = from;
  audit(shop, {}, {}, &restarted);
  EXPECT_EQ(store().history(shop, from)->intervals.size(), 1U) << "no difference across a reset";
  const auto history = store().history(shop, from);
  ASSERT_TRUE(history);
  ASSERT_EQ(history->intervals.size(), 1U);
  EXPECT_EQ(history->intervals[0].total_calls, 30);
  EXPECT_EQ(history->intervals[0].statements.at(StatementId{1}).calls, 30);
  EXPECT_EQ((*store().newest_reading(shop))->workload.total_calls, 10);
  EXPECT_EQ((*store().oldest_reading(shop, from))->workload.total_calls, 100) << "the first of the day stays";
  EXPECT_FALSE(*store().oldest_reading(shop, clock_.now() + minutes(1)));
}

TEST_P(StoreContract, KnowsSinceWhenAnIndexIsUnused) {
  const TargetId shop = add("shop");
  const IndexName index{"public", "orders_note_idx"};
  const TimePoint start = clock_.now();
  const auto read = [&](std::int64_t scans, TimePoint since) {
    Reading reading = sample_reading(clock_.now(), {});
    reading.index_scans = {{index, scans}};
    reading.counters_since = since;
    audit(shop, {}, {}, &reading);
    const auto history = store().history(shop, start);
    return history->index_unused_since.at(index);
  };
  EXPECT_EQ(read(5, {}), start);
  clock_.advance(hours(1));
  EXPECT_EQ(read(5, {}), start);
  clock_.advance(hours(1));
  EXPECT_EQ(read(6, {}), clock_.now()) << "it was scanned";
  const TimePoint scanned = clock_.now();
  clock_.advance(hours(1));
  EXPECT_EQ(read(6, {}), scanned);
  clock_.advance(hours(1));
  EXPECT_EQ(read(6, start), clock_.now()) << "a reset hides what happened before it";
  Reading dropped = sample_reading(clock_.now() + hours(1), {});
  audit(shop, {}, {}, &dropped);
  EXPECT_TRUE(store().history(shop, start)->index_unused_since.empty());
}

TEST_P(StoreContract, RollsHistoryUpAsItGrowsOld) {
  const TargetId shop = add("shop");
  const TimePoint start = clock_.now();
  const Retention retention{7, 30, 365, 90};
  std::int64_t calls = 0;
  const auto points = [&] {
    return *store().statement_history(StatementId{1}, shop, {start, start + hours(24 * 999)});
  };
  const auto total = [&] {
    std::int64_t sum = 0;
    for (const StatementPoint& point : points()) {
      sum += point.calls;
    }
    return sum;
  };
  for (int i = 0; i <= 8; ++i) {  // two hours in quarters
    const Reading reading = sample_reading(clock_.now(), {sample_statement(1, "SELECT 1", calls, 1)});
    audit(shop, {}, {}, &reading);
    clock_.advance(minutes(15));
    calls += 10;
  }
  ASSERT_TRUE(store().maintain(retention));
  EXPECT_EQ(points().size(), 8U);
  EXPECT_EQ(total(), 80);
  clock_.advance(hours(24 * 8));
  ASSERT_TRUE(store().maintain(retention));
  EXPECT_EQ(points().size(), 2U) << "hours";
  EXPECT_EQ(points()[0].window, (Window{start, start + hours(1)}));
  EXPECT_EQ(total(), 80);
  EXPECT_TRUE(store().history(shop, start)->intervals.empty());
  clock_.advance(hours(24 * 30));
  ASSERT_TRUE(store().maintain(retention));
  EXPECT_EQ(points().size(), 1U) << "a day";
  EXPECT_EQ(total(), 80);
  EXPECT_EQ(store().audits({})->items.size(), 9U);
  clock_.advance(hours(24 * 90));
  ASSERT_TRUE(store().maintain(retention));
  EXPECT_EQ(store().audits({})->items.size(), 1U) << "the newest that succeeded";
  clock_.advance(hours(24 * 365));
  ASSERT_TRUE(store().maintain(retention));
  EXPECT_EQ(points().size(), 0U);
  EXPECT_TRUE(*store().newest_reading(shop)) << "the next difference needs it";
}

TEST_P(StoreContract, CountsItsBytes) {
  ASSERT_TRUE(store().ping());
  const auto before = store().size();
  ASSERT_TRUE(before);
  EXPECT_GT(before->count, 0);
}

}  // namespace
}  // namespace planwise::test
