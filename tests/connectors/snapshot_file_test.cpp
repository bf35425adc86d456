#include "connectors/snapshot_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>

#include "connectors/snapshot_fields.h"

namespace planwise {
namespace {

using testing::HasSubstr;
using testing::Not;

const SnapshotFileOptions kWithValues{.with_values = true};

// Fills every field of a snapshot with something that is not its default.
class Filler {
 public:
  template <class T>
  void operator()(const char*, T& value) {
    fill(value);
  }
  template <class T>
  void values(const char*, T& value) {
    fill(value);
  }
  void expression(const char*, std::string& value) { fill(value); }

 private:
  template <class T>
  void fill(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      value = *rc::gen::arbitrary<bool>();
    } else if constexpr (std::is_same_v<T, char>) {
      value = *rc::gen::inRange('a', 'z');
    } else if constexpr (std::is_integral_v<T>) {
      value = *rc::gen::arbitrary<T>();
    } else if constexpr (std::is_same_v<T, double>) {
      value = *number();
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = *rc::gen::element<std::string>("", "orders", "Füße \"x\"", "a\nb\\c", "数", "it's");
    } else if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(*rc::gen::inRange(0, static_cast<int>(kLast<T>) + 1));
    } else {
      fields(*this, value);
    }
  }
  static rc::Gen<double> number() {
    return rc::gen::map(rc::gen::arbitrary<std::int64_t>(),
                        [](std::int64_t n) { return static_cast<double>(n) / 1024; });
  }
  void fill(Bytes& value) { fill(value.count); }
  void fill(Rows& value) { value.count = *number(); }
  void fill(PlanCost& value) { value.units = *number(); }
  void fill(Millis& value) { value = Millis(*number()); }
  void fill(TimePoint& value) {
    value = TimePoint(std::chrono::microseconds(*rc::gen::arbitrary<std::int64_t>()));
  }
  void fill(StatementId& value) { value.value = *rc::gen::arbitrary<std::uint64_t>(); }
  template <class T>
  void fill(std::optional<T>& value) {
    if (*rc::gen::arbitrary<bool>()) {
      fill(value.emplace());
    }
  }
  template <class T>
  void fill(std::vector<T>& values) {
    if (++depth_ < 7) {
      values.resize(*rc::gen::inRange<std::size_t>(0, 3));
      for (T& value : values) {
        fill(value);
      }
    }
    --depth_;
  }
  template <class K, class T>
  void fill(std::map<K, T>& values) {
    for (std::size_t left = *rc::gen::inRange<std::size_t>(0, 3); left > 0; --left) {
      K key{};
      fill(key);
      fill(values[key]);
    }
  }

  int depth_ = 0;
};

Snapshot any_snapshot() {
  Snapshot snapshot;
  Filler filler;
  fields(filler, snapshot);
  std::ranges::sort(snapshot.schema.tables, {}, &Table::name);
  return snapshot;
}

RC_GTEST_PROP(SnapshotFile, WhatIsWrittenIsRead, ()) {
  const std::string json = snapshot_json(any_snapshot(), kWithValues);
  const auto read = parse_snapshot(json);
  RC_ASSERT(read.has_value());
  RC_ASSERT(snapshot_json(*read, kWithValues) == json);
}

Snapshot shop() {
  Snapshot snapshot;
  snapshot.server.database = "shop";
  Table table;
  table.name = {"public", "orders"};
  table.rows = Rows{42.5};
  Column column;
  column.name = "email";
  column.stats.emplace();
  column.stats->common_values = {{"jane@example.com", 0.25}};
  column.stats->histogram = {"adam@example.com", "zoe@example.com"};
  column.stats->common_total = 0.25;
  table.columns.push_back(column);
  snapshot.schema.tables.push_back(table);
  StatementPlan plan;
  plan.plan.emplace();
  plan.plan->root.filter = "(email = 'jane@example.com'::text)";
  snapshot.plans[StatementId{7}] = plan;
  return snapshot;
}

TEST(SnapshotFile, KeepsNoValueUnlessTold) {
  const std::string json = snapshot_json(shop(), {});
  EXPECT_THAT(json, Not(HasSubstr("example.com")));
  const auto read = parse_snapshot(json);
  ASSERT_TRUE(read) << read.error().message;
  const ColumnStats& stats = *read->schema.tables[0].columns[0].stats;
  EXPECT_TRUE(stats.common_values.empty());
  EXPECT_EQ(stats.common_total, 0.25);
  EXPECT_EQ(
      parse_snapshot(snapshot_json(shop(), kWithValues))->schema.tables[0].columns[0].stats->histogram.size(),
      2U);
}

TEST(SnapshotFile, ErrorsNameTheField) {
  struct Case {
    const char* json;
    const char* message;
  };
  for (
      const Case& one : {
          Case{R"({"schema": "planwise.snapshot/1", "server": 1})", "server: not an object"},
          Case{R"({"schema": "planwise.snapshot/1", "server": {"engine": "oracle"}})",
               "server.engine: not a word"},
          Case{
              R"({"schema": "planwise.snapshot/1", "workload": {"statements": [{}, {"stats": {"calls": "x"}}]}})",
              "workload.statements[1].stats.calls: not an integer"},
          Case{R"({"schema": "planwise.snapshot/1", "plans": {"zz": {}}})",
               "plans: a key is not sixteen hex digits"},
          Case{R"({"schema": "planwise.snapshot/1", "settings": {"work_mem": {"value": 1}}})",
               "settings.work_mem.value: not a text"},
          Case{R"({"schema": "planwise.snapshot/1", "server": {"version": {"major": 99999999999}}})",
               "server.version.major: not an integer, or out of range"},
          Case{R"({"schema": "planwise.report/1"})", "schema: not a snapshot"},
          Case{R"([1])", "not a JSON object"},
          Case{R"({"schema": )", "not a JSON object"},
          Case{"", "not a JSON object"},
      }) {
    const auto read = parse_snapshot(one.json);
    ASSERT_FALSE(read) << one.json;
    EXPECT_EQ(read.error().code, ErrorCode::kMalformed);
    EXPECT_THAT(read.error().message, HasSubstr(one.message));
  }
  EXPECT_EQ(parse_snapshot(R"({"schema": "planwise.snapshot/2"})").error().code, ErrorCode::kUnsupported);
}

TEST(SnapshotFile, ADeepPlanIsRefusedAndNotFollowed) {
  std::string json = R"({"schema": "planwise.snapshot/1", "plans": {"0000000000000001": {"plan": {"root": )";
  for (int i = 0; i < 100'000; ++i) {
    json += R"({"children": [)";
  }
  EXPECT_EQ(parse_snapshot(json).error().code, ErrorCode::kMalformed);
}

class SnapshotFileOnDisk : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = (std::filesystem::temp_directory_path() / "planwise-snapshot-XXXXXX").string();
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    folder_ = path;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] std::string with(const std::string& name, std::string_view content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

  std::filesystem::path folder_;
};

TEST_F(SnapshotFileOnDisk, PlainAndCompressedAreReadAlike) {
  for (const char* name : {"a.json", "a.json.zst"}) {
    ASSERT_TRUE(write_snapshot_file(path(name), shop(), {}));
    struct stat status {};
    ASSERT_EQ(stat(path(name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    const auto connector = SnapshotFileConnector::open(path(name));
    ASSERT_TRUE(connector) << connector.error().message;
    const auto snapshot = (*connector)->capture({});
    EXPECT_EQ(snapshot->server.database, "shop");
    EXPECT_EQ(snapshot->schema.tables[0].rows->count, 42.5);
    EXPECT_EQ((*connector)->what_if(), nullptr);
    EXPECT_THAT(snapshot->gaps[0].what, HasSubstr("hypothetical"));
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 2);
}

TEST_F(SnapshotFileOnDisk, GivenStatementsReplaceTheWorkload) {
  ASSERT_TRUE(write_snapshot_file(path("a.json"), shop(), {}));
  CaptureOptions options;
  options.given = {{"one", "SELECT 1 FROM t WHERE a = 5", 3}, {"two", "select 1 from t where a = 6", 4}};
  const auto snapshot = (*SnapshotFileConnector::open(path("a.json")))->capture(options);
  ASSERT_EQ(snapshot->workload.statements.size(), 1U);
  EXPECT_EQ(snapshot->workload.statements[0].stats.calls, 7);
  EXPECT_EQ(snapshot->workload.kind, WindowKind::kWorkloadFiles);
}

TEST_F(SnapshotFileOnDisk, BadFilesAreToldByNameAndReason) {
  EXPECT_EQ(read_snapshot_file(path("none.json")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_snapshot_file(folder_.string()).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(read_snapshot_file(with("empty.json", "")).error().code, ErrorCode::kMalformed);
  EXPECT_THAT(read_snapshot_file(with("text.json", "hello")).error().message, HasSubstr("text.json"));

  ASSERT_TRUE(write_snapshot_file(path("good.zst"), shop(), {}));
  std::ifstream in(path("good.zst"), std::ios::binary);
  std::string packed((std::istreambuf_iterator<char>(in)), {});
  EXPECT_THAT(read_snapshot_file(with("cut.zst", packed.substr(0, packed.size() / 2))).error().message,
              HasSubstr("cut off"));
  packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
  EXPECT_EQ(read_snapshot_file(with("bent.zst", packed)).error().code, ErrorCode::kMalformed);
  EXPECT_EQ(write_snapshot_file(path("no/such/folder.json"), shop(), {}).error().code, ErrorCode::kNotFound);
}

TEST_F(SnapshotFileOnDisk, ABombIsRefusedBeforeItFillsTheMemory) {
  const std::string zeros(std::size_t{4} << 20U, '\0');
  std::string bomb(ZSTD_compressBound(zeros.size()), '\0');
  bomb.resize(ZSTD_compress(bomb.data(), bomb.size(), zeros.data(), zeros.size(), 1));
  ASSERT_LT(bomb.size(), 4096U);
  const auto read = read_snapshot_file(with("bomb.zst", bomb), std::size_t{1} << 20U);
  EXPECT_THAT(read.error().message, HasSubstr("larger than 1 MB once unpacked"));
}

TEST(OpenTarget, TellsWhatItCannotOpen) {
  EXPECT_EQ(open_target("", {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(open_target("mysql://u@h/d?nothing=1", {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(open_target("/no/such.json.zst", {}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(open_target("postgres://h/d?nothing=1", {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(open_target("/no/such/a=b.json", {}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace planwise
