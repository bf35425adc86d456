// What is special to the SQLite store: its file, its lock, its migrations, its disk.
#include "server/store/sqlite_store.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <thread>

#include "server/report/json.h"
#include "tests/server/store/report_samples.h"
#include "tests/support/fake_clock.h"
#include "tests/support/golden.h"
#include "tests/support/temp_folder.h"

namespace planwise::test {
namespace {

class SqliteStoreTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Store>> open() { return open_store("sqlite:" + file(), clock_); }
  [[nodiscard]] std::string file() const { return folder_.file("planwise.db"); }

  std::string check() {
    auto connection = sqlite::Connection::open(file(), sqlite::Mode::kReadOnly);
    EXPECT_TRUE(connection);
    auto query = connection->prepare("PRAGMA integrity_check");
    EXPECT_TRUE(query && query->step());
    return query->text(0);
  }

  TempFolder folder_;
  FakeClock clock_;
};

TEST_F(SqliteStoreTest, KeepsASecondProcessOutAndNamesTheFirst) {
  const auto first = open();
  ASSERT_TRUE(first);
  const auto second = open();  // flock() holds between two descriptors of one process too
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(second.error().message, "store " + file() + " is in use by process " + std::to_string(getpid()));
}

TEST_F(SqliteStoreTest, CanBeReadBesideItsWriter) {
  const auto writing = open();
  ASSERT_TRUE(writing);
  ASSERT_TRUE((*writing)->add_target({"shop", "host=a", "", {}, {}}));
  const auto reading = open_store("sqlite:" + file(), clock_, StoreAccess::kReadOnly);
  ASSERT_TRUE(reading) << reading.error().message;
  EXPECT_EQ((*reading)->target_by_name("shop")->name, "shop");
  ASSERT_TRUE((*writing)->add_target({"other", "host=a", "", {}, {}}));
  EXPECT_TRUE((*reading)->target_by_name("other")) << "what is written later is seen";
  EXPECT_EQ((*reading)->add_target({"third", "host=a", "", {}, {}}).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ((*reading)->maintain({}).error().code, ErrorCode::kUnavailable);
}

TEST_F(SqliteStoreTest, IsNotMadeByReadingIt) {
  EXPECT_EQ(open_store("sqlite:" + file(), clock_, StoreAccess::kReadOnly).error().code,
            ErrorCode::kUnavailable);
  EXPECT_FALSE(std::ifstream(file()).is_open());
  ASSERT_TRUE(open());
  EXPECT_TRUE(open_store("sqlite:" + file(), clock_, StoreAccess::kReadOnly)) << "with no writer around";
}

TEST_F(SqliteStoreTest, TakesALockThatADeadProcessLeft) {
  std::ofstream(file() + ".lock") << "1\n";
  EXPECT_TRUE(open());
}

TEST_F(SqliteStoreTest, CanBeReadByItsOwnerAlone) {
  ASSERT_TRUE(open());
  struct stat status {};
  ASSERT_EQ(stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(SqliteStoreTest, RefusesAFileThatIsNoDatabase) {
  std::ofstream(file()) << std::string(5000, 'x');
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kMalformed);
  EXPECT_EQ(opened.error().message, "store " + file() + ": the file is no planwise store");
  EXPECT_EQ(std::ifstream(file()).peek(), 'x') << "and leaves it alone";
}

TEST_F(SqliteStoreTest, RefusesTheDatabaseOfAnotherProgram) {
  {
    auto other = sqlite::Connection::open(file(), sqlite::Mode::kReadWrite);
    ASSERT_TRUE(other && other->script("CREATE TABLE theirs (a)"));
  }
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kMalformed);
}

TEST_F(SqliteStoreTest, SaysWhatItCannotOpen) {
  EXPECT_EQ(open_store("sqlite:/nowhere/planwise.db", clock_).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(open_store("redis://h", clock_).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(open_store("sqlite:", clock_).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(open_store("postgres://u:s3cret@h/db", clock_).error().message.find("s3cret"), std::string::npos);
}

TEST_F(SqliteStoreTest, MigratesAfterABackupAndOnlyForward) {
  ASSERT_TRUE((*open())->add_target({"shop", "host=a", "", {}, {}}));
  std::vector<Migration> steps(migrations().begin(), migrations().end());
  steps.push_back(
      {"next", "CREATE TABLE added (a INTEGER) STRICT; ALTER TABLE targets ADD COLUMN more TEXT"});
  {
    const auto newer = SqliteStore::open(file(), clock_, steps);
    ASSERT_TRUE(newer) << newer.error().message;
    EXPECT_EQ((*newer)->target_by_name("shop")->name, "shop");
  }
  const std::string backup = file() + ".backup-v" + std::to_string(migrations().size());
  auto old = sqlite::Connection::open(backup, sqlite::Mode::kReadOnly);
  ASSERT_TRUE(old);
  EXPECT_EQ(*old->number("PRAGMA user_version"), static_cast<std::int64_t>(migrations().size()));
  EXPECT_EQ(*old->number("SELECT count(*) FROM targets"), 1);

  const auto older = open();
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(older.error().message.find("written by a newer planwise"), std::string::npos);
}

TEST_F(SqliteStoreTest, LeavesTheStoreAsItWasWhenAMigrationFails) {
  ASSERT_TRUE((*open())->add_target({"shop", "host=a", "", {}, {}}));
  std::vector<Migration> steps(migrations().begin(), migrations().end());
  steps.push_back({"broken", "CREATE TABLE added (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1)"});
  const auto failed = SqliteStore::open(file(), clock_, steps);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("migration broken"), std::string::npos);
  const auto opened = open();
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ((*opened)->target_by_name("shop")->name, "shop");
  EXPECT_EQ(check(), "ok");
}

// A store as the first release wrote it: kept as SQL, so that every later schema is proven to open it.
TEST_F(SqliteStoreTest, OpensAStoreOfSchemaOne) {
  {
    auto connection = sqlite::Connection::open(file(), sqlite::Mode::kReadWrite);
    ASSERT_TRUE(connection);
    ASSERT_TRUE(connection->script(file_text("tests/server/store/data/schema-1.sql")));
  }
  const auto store = open();
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ((*store)->target_by_name("shop")->schedule, "@hourly");
  const auto recommendation = (*store)->recommendation("00000000000000ab");
  ASSERT_TRUE(recommendation) << recommendation.error().message;
  EXPECT_EQ(recommendation->status, RecommendationStatus::kDismissed);
  EXPECT_EQ(recommendation->note, "not now");
  RecommendationQuery query;
  query.text = "orders";
  query.status = {RecommendationStatus::kDismissed};
  EXPECT_EQ((*store)->recommendations(query)->items.size(), 1U);
}

TEST_F(SqliteStoreTest, ADamagedReadingIsLikeNone) {
  TargetId shop;
  {
    const auto store = open();
    shop = *(*store)->add_target({"shop", "host=a", "", {}, {}});
    Reading reading;
    reading.taken_at = clock_.now();
    const auto queued = (*store)->queue_audit(shop, AuditTrigger::kManual);
    ASSERT_TRUE(queued && (*store)->claim_audit());
    const AuditReport report = sample_report("shop", {}, {});
    ASSERT_TRUE((*store)->save_audit(queued->id, {report, report_json(report), &reading}));
    ASSERT_TRUE(*(*store)->newest_reading(shop));
  }
  {
    auto connection = sqlite::Connection::open(file(), sqlite::Mode::kReadWrite);
    ASSERT_TRUE(connection && connection->script("UPDATE readings SET document = x'28b52ffd'"));
  }
  const auto store = open();
  const auto damaged = (*store)->newest_reading(shop);
  ASSERT_TRUE(damaged) << damaged.error().message;
  EXPECT_FALSE(*damaged);
}

TEST_F(SqliteStoreTest, ReadsWhileOthersWrite) {
  const auto opened = open();
  ASSERT_TRUE(opened);
  Store& store = **opened;
  const TargetId shop = *store.add_target({"shop", "host=a", "", {}, {}});
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 6; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        // Both tables change in one transaction: a reader sees all of an audit or nothing of it.
        const auto page = store.recommendations({});
        ASSERT_TRUE(page) << page.error().message;
        ASSERT_TRUE(page->items.empty() || page->items.size() == 20);
        ++reads;
      }
    });
  }
  for (int round = 0; round < 20; ++round) {
    std::vector<Recommendation> found;
    for (int i = 0; i < 20; ++i) {
      found.push_back(sample_recommendation("shop", "missing-index",
                                            "r" + std::to_string(round % 3) + "t" + std::to_string(i),
                                            Severity::kWarning, i));
    }
    const AuditReport report = sample_report("shop", found);
    const std::string json = report_json(report);
    const auto queued = store.queue_audit(shop, AuditTrigger::kManual);
    ASSERT_TRUE(queued && store.claim_audit());
    ASSERT_TRUE(store.save_audit(queued->id, {report, json, nullptr}));
  }
  done = true;
  readers.clear();
  EXPECT_GT(reads, 0);
  ASSERT_TRUE(store.maintain({}));
  EXPECT_EQ(check(), "ok");
}

// A child writes audits and says on a pipe which ones have been acknowledged; it is killed at a random
// moment.
TEST_F(SqliteStoreTest, LosesNothingAcknowledgedWhenKilled) {
  for (unsigned round = 0; round < 12; ++round) {
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe(pipe_ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(pipe_ends[0]);
      const auto opened = open();
      const auto target = opened ? (*opened)->target_by_name("shop") : Result<Target>(Error{});
      const auto id =
          target ? Result<TargetId>(target->id) : (*opened)->add_target({"shop", "host=a", "", {}, {}});
      static_cast<void>((*opened)->fail_interrupted().has_value());
      const AuditReport report = sample_report(
          "shop", {sample_recommendation("shop", "missing-index", "orders", Severity::kWarning, 5)},
          {sample_statement(1, std::string(20'000, 'x'), 5, 5)});
      const std::string json = report_json(report);
      while (true) {
        const auto queued = (*opened)->queue_audit(*id, AuditTrigger::kManual);
        if (!queued || !(*opened)->claim_audit() ||
            !(*opened)->save_audit(queued->id, {report, json, nullptr})) {
          _exit(3);
        }
        if (write(pipe_ends[1], &queued->id.value, sizeof(queued->id.value)) != sizeof(queued->id.value)) {
          _exit(4);
        }
      }
    }
    close(pipe_ends[1]);
    std::int64_t acknowledged = 0;
    std::int64_t id = 0;
    const unsigned wanted = 1 + (round * 7) % 23;  // audits before the kill
    for (unsigned i = 0; i < wanted && read(pipe_ends[0], &id, sizeof(id)) == sizeof(id); ++i) {
      acknowledged = id;
    }
    kill(child, SIGKILL);
    while (read(pipe_ends[0], &id, sizeof(id)) == sizeof(id)) {
      acknowledged = id;
    }
    close(pipe_ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
    ASSERT_GT(acknowledged, 0);

    const auto opened = open();
    ASSERT_TRUE(opened) << opened.error().message;
    ASSERT_EQ((*opened)->audit(AuditId{acknowledged})->state, AuditState::kSucceeded) << "round " << round;
    ASSERT_TRUE((*opened)->report_json(AuditId{acknowledged}));
    ASSERT_TRUE((*opened)->fail_interrupted());
    const auto running = (*opened)->audits({{}, AuditState::kRunning, {}});
    ASSERT_TRUE(running && running->items.empty());
    const auto succeeded = (*opened)->audits({{}, AuditState::kSucceeded, {500, ""}});
    for (const Audit& audit : succeeded->items) {
      ASSERT_TRUE((*opened)->report_json(audit.id)) << "an audit that succeeded has its report";
    }
    ASSERT_EQ(check(), "ok");
  }
}

TEST_F(SqliteStoreTest, SurvivesAFullDisk) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs a file system of its own: root";
  }
  const std::string disk = folder_.file("disk");
  ASSERT_EQ(mkdir(disk.c_str(), 0700), 0);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=3m") != 0) {
    GTEST_SKIP() << "cannot mount here";
  }
  const std::unique_ptr<const std::string, void (*)(const std::string*)> unmount(
      &disk, [](const std::string* path) { umount2(path->c_str(), MNT_DETACH); });
  const auto opened = open_store("sqlite:" + disk + "/planwise.db", clock_);
  ASSERT_TRUE(opened) << opened.error().message;
  Store& store = **opened;
  const TargetId shop = *store.add_target({"shop", "host=a", "", {}, {}});
  std::optional<AuditId> saved;
  std::optional<Error> error;
  for (int i = 0; i < 500 && !error; ++i) {
    std::string noise;
    for (std::size_t n = 0; n < 60'000; ++n) {  // what zstd cannot make small
      noise +=
          static_cast<char>('0' + (n * 7919 + static_cast<std::size_t>(i) * 104'729) % 61 * (n % 13) % 70);
    }
    const AuditReport report =
        sample_report("shop", {}, {sample_statement(static_cast<std::uint64_t>(i), noise, 1, 1)});
    const std::string json = report_json(report);
    const auto queued = store.queue_audit(shop, AuditTrigger::kManual);
    if (!queued) {
      error = queued.error();
      break;
    }
    if (const auto claimed = store.claim_audit(); !claimed) {
      error = claimed.error();
      break;
    }
    if (const auto done = store.save_audit(queued->id, {report, json, nullptr}); !done) {
      error = done.error();
    } else {
      saved = queued->id;
    }
  }
  ASSERT_TRUE(error) << "the disk was never full";
  EXPECT_EQ(error->code, ErrorCode::kUnavailable);
  EXPECT_EQ(error->message, "store " + disk + "/planwise.db: no space left on its disk");
  ASSERT_TRUE(saved);
  EXPECT_TRUE(store.report_json(*saved)) << "what was stored can be read";
  EXPECT_EQ(store.target(shop)->name, "shop");
  ASSERT_EQ(mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=12m"), 0);
  EXPECT_TRUE(store.add_target({"other", "host=b", "", {}, {}}))
      << "and it goes on by itself once there is room";
}

}  // namespace
}  // namespace planwise::test
