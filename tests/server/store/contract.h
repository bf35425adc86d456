// What every Store must do, and how a new implementation is held to it: it adds itself to contract_test.cpp.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "server/report/json.h"
#include "server/store/store.h"
#include "tests/server/store/report_samples.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace planwise::test {

struct Implementation {
  std::string name;
  std::function<Result<std::unique_ptr<Store>>(const TempFolder&, const Clock&)> open;
};

// GoogleTest looks for this name.
// NOLINTNEXTLINE(readability-identifier-naming)
inline void PrintTo(const Implementation& implementation, std::ostream* out) {
  *out << implementation.name;
}

class StoreContract : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override { reopen(); }

  void reopen() {
    store_.reset();
    auto opened = GetParam().open(folder_, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
  }

  Store& store() { return *store_; }

  TargetId add(const std::string& name) {
    const auto added = store().add_target({name, "postgres://planwise:s3cret@db1/" + name, "", {}, {}});
    EXPECT_TRUE(added) << added.error().message;
    return *added;
  }

  AuditId begin(TargetId target) {
    const auto queued = store().queue_audit(target, AuditTrigger::kManual);
    EXPECT_TRUE(queued) << queued.error().message;
    const auto claimed = store().claim_audit();
    EXPECT_TRUE(claimed && claimed->has_value());
    EXPECT_EQ((*claimed)->id, queued->id);
    return queued->id;
  }

  SaveSummary save(AuditId id, const AuditReport& report, const Reading* reading = nullptr) {
    const std::string json = report_json(report);
    const auto saved = store().save_audit(id, {report, json, reading});
    EXPECT_TRUE(saved) << saved.error().message;
    return saved ? *saved : SaveSummary{};
  }

  SaveSummary audit(TargetId target, std::vector<Recommendation> recommendations,
                    std::vector<Statement> statements = {}, const Reading* reading = nullptr) {
    const auto name = store().target(target)->name;
    return save(begin(target), sample_report(name, std::move(recommendations), std::move(statements)),
                reading);
  }

  // Every id of a list, page after page; checks that no page is longer than asked and nothing comes twice.
  std::vector<std::string> ids(RecommendationQuery query) {
    std::vector<std::string> all;
    do {
      const auto page = store().recommendations(query);
      EXPECT_TRUE(page) << page.error().message;
      if (!page) {
        return all;
      }
      EXPECT_LE(page->items.size(), static_cast<std::size_t>(query.page.limit));
      for (const StoredRecommendation& item : page->items) {
        all.push_back(item.id);
      }
      query.page.cursor = page->next_cursor;
    } while (!query.page.cursor.empty());
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
    return all;
  }

  TempFolder folder_;
  FakeClock clock_;
  std::unique_ptr<Store> store_;
};

}  // namespace planwise::test
