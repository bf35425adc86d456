// How long lists and writes of the store take with 100,000 recommendations in it.
//
//   build/release/store_bench [RECOMMENDATIONS [TARGETS]]
//   build/release/store_bench --fill FILE [RECOMMENDATIONS [TARGETS]]
//
// The second form only fills a new store, FILE, and leaves it for others to measure on. The first prints p50
// and p99 of 100 calls each, in milliseconds by the clock and of processor time; every call asks for a page
// of 50 that starts at another place or for another filter. Ends with 1 if a list is above the promise of 20
// ms at p99.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "analyzer/base/hash.h"
#include "server/report/json.h"
#include "server/store/store.h"

namespace planwise {
namespace {

using Steady = std::chrono::steady_clock;
constexpr int kCalls = 100;
constexpr double kPromiseMs = 20;

// Processor time of this thread, which does all the reading: what a call takes on a machine that does nothing
// else.
double cpu_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double ms_since(Steady::time_point start) {
  return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

Recommendation recommendation(const std::string& target, int number) {
  static constexpr std::array<std::string_view, 5> kRules{"missing-index", "unused-index", "seq-scan",
                                                          "stale-statistics", "redundant-index"};
  const std::uint64_t dice = hash64(std::to_string(number));
  Recommendation made;
  made.id = hex16(hash64(fmt::format("{}/{}", target, number)));
  made.finding.rule = kRules[dice % kRules.size()];
  made.finding.severity = static_cast<Severity>(dice / 7 % 3);
  made.finding.title =
      fmt::format("Add an index on public.table_{} (column_{}, created_at)", number % 5000, dice % 40);
  made.finding.why = std::string(300, 'w');
  made.finding.objects = {{ObjectKind::kTable, fmt::format("public.table_{}", number % 5000)}};
  made.finding.evidence = {{std::string(80, 'e'), "rows_read_per_call", 1e6, "rows"}};
  for (std::uint64_t i = 0; i < 3; ++i) {
    made.finding.statements.emplace_back().id = StatementId{dice + i};
  }
  made.finding.action.sql = {std::string(200, 's')};
  if (dice % 3 != 0) {
    made.finding.impact.time_saved_per_hour = Millis(static_cast<double>(dice % 1'000'000));
  }
  return made;
}

// One call on average: `call` gets the number of the call.
double measure(std::string_view name, const std::function<bool(int)>& call) {
  std::vector<double> times;
  std::vector<double> cpu;
  for (int i = 0; i < kCalls; ++i) {
    const auto start = Steady::now();
    const double cpu_start = cpu_ms();
    if (!call(i)) {
      fmt::print(stderr, "{} failed\n", name);
      std::exit(2);  // NOLINT(concurrency-mt-unsafe): no other thread is left
    }
    cpu.push_back(cpu_ms() - cpu_start);
    times.push_back(ms_since(start));
  }
  std::sort(times.begin(), times.end());
  std::sort(cpu.begin(), cpu.end());
  const double p99 = times[kCalls * 99 / 100];
  fmt::print("{:<44} {:8.2f} {:8.2f} {:8.2f} {:8.2f}\n", name, times[kCalls / 2], p99, cpu[kCalls / 2],
             cpu[kCalls * 99 / 100]);
  return p99;
}

// A store being filled, and what it was filled with.
class Filling {
 public:
  Filling(Store& store, int recommendations, int targets) : store_(store) {
    const int each = recommendations / targets;
    for (int t = 0; t < targets; ++t) {
      AuditReport report;
      report.target_name = fmt::format("target-{}", t);
      for (int i = 0; i < each; ++i) {
        report.recommendations.push_back(recommendation(report.target_name, t * each + i));
        ids_.push_back(report.recommendations.back().id);
      }
      reports_.push_back(std::move(report));
    }
  }

  // Adds the targets and saves an audit of each.
  [[nodiscard]] bool save_all() {
    return std::all_of(reports_.begin(), reports_.end(), [this](const AuditReport& report) {
      const auto added = store_.add_target({report.target_name, "host=a", "", {}, {}});
      if (!added) {
        return false;
      }
      target_ids_.push_back(*added);
      return save(target_ids_.size() - 1);
    });
  }

  // One more audit of a target, with the same report.
  [[nodiscard]] bool save(std::size_t target) {
    const std::string json = report_json(reports_[target]);
    const auto queued = store_.queue_audit(target_ids_[target], AuditTrigger::kManual);
    const auto began = Steady::now();
    const bool done =
        queued && store_.claim_audit() && store_.save_audit(queued->id, {reports_[target], json, nullptr});
    last_save_ms_ = ms_since(began);
    return done;
  }

  [[nodiscard]] double last_save_ms() const { return last_save_ms_; }
  [[nodiscard]] const std::vector<std::string>& ids() const { return ids_; }
  [[nodiscard]] const std::vector<TargetId>& target_ids() const { return target_ids_; }

 private:
  Store& store_;
  std::vector<AuditReport> reports_;
  std::vector<std::string> ids_;
  std::vector<TargetId> target_ids_;
  double last_save_ms_ = 0;
};

// Fills the new store `file`; then measures lists on it, unless it is only to be filled.
int run(const std::string& file, int recommendations, int targets, bool only_fill) {
  const SystemClock clock;
  auto opened = open_store("sqlite:" + file, clock);
  if (!opened) {
    fmt::print(stderr, "{}\n", opened.error().message);
    return 2;
  }
  Store& store = **opened;
  const auto start = Steady::now();
  Filling filling(store, recommendations, targets);
  if (!filling.save_all()) {
    fmt::print(stderr, "{} cannot be filled; it must be new\n", file);
    return 2;
  }
  const std::vector<std::string>& ids = filling.ids();
  const std::vector<TargetId>& target_ids = filling.target_ids();
  fmt::print(
      "{} recommendations of {} targets stored in {:.1f} s, {:.0f} MiB; last audit saved in {:.0f} ms\n",
      ids.size(), targets, ms_since(start) / 1000, static_cast<double>(store.size()->count) / (1 << 20),
      filling.last_save_ms());
  if (only_fill) {
    return 0;
  }
  fmt::print("\n{:<44} {:>8} {:>8} {:>8} {:>8}\n", "ms", "p50", "p99", "cpu p50", "cpu p99");
  double worst = 0;
  const auto list = [&](std::string_view name, const std::function<void(RecommendationQuery&, int)>& change) {
    worst = std::max(worst, measure(name, [&](int i) {
                       RecommendationQuery query;
                       change(query, i);
                       return store.recommendations(query).has_value();
                     }));
  };
  for (const auto& [sort, name] : {std::pair{RecommendationSort::kRank, "first page by rank"},
                                   std::pair{RecommendationSort::kImpact, "first page by impact"},
                                   std::pair{RecommendationSort::kSeverity, "first page by severity"},
                                   std::pair{RecommendationSort::kFirstSeen, "first page by first seen"}}) {
    list(name, [sort = sort](RecommendationQuery& query, int) { query.sort = sort; });
  }
  std::string cursor;
  worst = std::max(worst, measure("page after page", [&](int) {
                     RecommendationQuery query;
                     query.page = {50, cursor};
                     const auto page = store.recommendations(query);
                     cursor = page ? page->next_cursor : "";
                     return page.has_value();
                   }));
  list("of one target", [&](RecommendationQuery& query, int i) {
    query.target = target_ids[static_cast<std::size_t>(i) % target_ids.size()];
  });
  list("of one target by last seen", [&](RecommendationQuery& query, int i) {
    query.target = target_ids[static_cast<std::size_t>(i) % target_ids.size()];
    query.sort = RecommendationSort::kLastSeen;
  });
  list("of one rule and severity", [](RecommendationQuery& query, int i) {
    query.rule = i % 2 == 0 ? "seq-scan" : "unused-index";
    query.severity = Severity::kInfo;
  });
  list("of a rule that nothing has", [](RecommendationQuery& query, int) { query.rule = "key-exhaustion"; });
  list("dismissed ones, there are none",
       [](RecommendationQuery& query, int) { query.status = {RecommendationStatus::kDismissed}; });
  list("search, few matches",
       [](RecommendationQuery& query, int i) { query.text = fmt::format("table_{} ", i * 7); });
  list("search, thousands of matches",
       [](RecommendationQuery& query, int i) { query.text = fmt::format("column_{},", i % 40); });
  list("search, everything matches", [](RecommendationQuery& query, int) { query.text = "public.table"; });
  list("search, nothing matches", [](RecommendationQuery& query, int) { query.text = "no such thing"; });
  list("search of two letters, nothing matches", [](RecommendationQuery& query, int) { query.text = "zz"; });
  list("page of 500", [](RecommendationQuery& query, int) { query.page.limit = kMaxPage; });
  measure("one by id", [&](int i) {
    return store.recommendation(ids[static_cast<std::size_t>(i) * 97 % ids.size()]).has_value();
  });
  measure("counts", [&](int) { return store.recommendation_counts({}).has_value(); });
  measure("a decision, on disk when it returns", [&](int i) {
    const RecommendationStatus status =
        i % 2 == 0 ? RecommendationStatus::kDismissed : RecommendationStatus::kOpen;
    return store.change_recommendation(ids[static_cast<std::size_t>(i) * 97 % ids.size()], {status, {}, {}})
        .has_value();
  });
  fmt::print("\nan audit saved again in {:.0f} ms\n", filling.save(0) ? filling.last_save_ms() : -1);
  fmt::print("lists: p99 at most {:.1f} ms, promised {:.0f} ms\n", worst, kPromiseMs);
  return worst <= kPromiseMs ? 0 : 1;
}

}  // namespace
}  // namespace planwise

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  std::string file;
  if (arguments.size() >= 2 && arguments[0] == "--fill") {
    file = arguments[1];
    arguments.erase(arguments.begin(), arguments.begin() + 2);
  }
  const int recommendations = arguments.empty() ? 100'000 : std::max(std::atoi(arguments[0].c_str()), 1);
  const int targets = arguments.size() < 2 ? 20 : std::max(std::atoi(arguments[1].c_str()), 1);
  if (!file.empty()) {
    return planwise::run(file, recommendations, targets, true);
  }
  const auto folder = std::filesystem::temp_directory_path() / "planwise-store-bench";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  const int code = planwise::run((folder / "planwise.db").string(), recommendations, targets, false);
  std::filesystem::remove_all(folder);
  return code;
}
