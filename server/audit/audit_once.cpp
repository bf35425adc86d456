#include "server/audit/audit_once.h"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "analyzer/advise/advisor.h"
#include "analyzer/cost_model/cost_model.h"
#include "connectors/given_workload.h"
#include "rules/rules.h"
#include "server/audit/bounded_what_if.h"

namespace planwise {
namespace {

using Steady = std::chrono::steady_clock;

// Where the steps begin on the way from 0 to 1, as they take their time on a database of some hundred tables.
constexpr double kCaptured = 0.6;
constexpr double kAdvised = 0.9;
// Of the time for advice, for the search; what it found must still be put in order.
constexpr double kSearchShare = 0.8;
// Capturing may not use up the time that is left for looking at what was captured.
constexpr double kCaptureShare = 0.7;

Error cancelled() {
  return Error{ErrorCode::kTimeout, "cancelled"};
}

// `progress` for a step that takes it from `from` to `to`.
Progress part_of(const Progress& progress, double from, double to) {
  return [&progress, from, to](double share, std::string_view step) {
    if (progress) {
      progress(from + (to - from) * share, step);
    }
  };
}

Advice advice_for(const Snapshot& snapshot, const std::map<StatementId, StatementShape>& shapes,
                  WhatIf& planner, const AuditOptions& options, Steady::time_point deadline,
                  const Progress& progress) {
  BoundedWhatIf what_if(planner,
                        [&] { return options.cancel.stop_requested() || Steady::now() >= deadline; });
  AdviseOptions advise_options = options.advise;
  const Steady::time_point search_ends =
      Steady::now() + std::chrono::duration_cast<Steady::duration>((deadline - Steady::now()) * kSearchShare);
  advise_options.hurry = [search_ends] { return Steady::now() >= search_ends; };
  Result<Advice> advised =
      advise(snapshot, shapes, what_if, advise_options, part_of(progress, kCaptured, kAdvised));
  Advice advice;
  if (advised) {
    advice = *std::move(advised);
  } else if (!what_if.was_cut_off()) {
    advice.gaps.push_back(
        {"index advice", advised.error().message, advised.error().hint, {}, "missing-index", {}});
  }
  if (what_if.was_cut_off()) {
    advice.complete = false;
    advice.gaps.push_back({"index advice",
                           fmt::format("the audit's budget of {} s ended before the search for indexes did",
                                       std::chrono::ceil<std::chrono::seconds>(options.budget).count()),
                           "give the audit more time (audit.budget_seconds)",
                           {},
                           "missing-index",
                           {}});
  }
  return advice;
}

Result<AuditReport> run(const std::string& target, const AuditOptions& options, const Progress& progress) {
  const auto window = std::chrono::milliseconds(options.capture.window.value_or(std::chrono::seconds{0}));
  const Steady::time_point deadline = Steady::now() + options.budget + window;
  CaptureOptions capture = options.capture;
  capture.budget =
      window + std::chrono::duration_cast<std::chrono::milliseconds>(options.budget * kCaptureShare);
  capture.cancel = options.cancel;
  capture.progress = part_of(progress, 0, kCaptured);
  capture.progress(0, "connecting");
  PLANWISE_TRY(const auto connector,
               options.open ? options.open(target, capture) : open_target(target, capture));
  Result<Snapshot> captured = connector->capture(capture);
  if (options.cancel.stop_requested()) {
    return cancelled();
  }
  if (!captured) {
    return std::move(captured).error();
  }
  Snapshot snapshot = *std::move(captured);
  if (options.prepare) {
    options.prepare(snapshot);
  }
  const auto shapes = shapes_of(snapshot, literal_texts(options.capture.given, snapshot.server.engine));
  // Without a planner that can be asked, the cost model answers from the statistics.
  CostModelWhatIf model(snapshot, shapes);
  WhatIf* planner = connector->what_if();
  if (planner == nullptr && CostModelWhatIf::is_possible(snapshot)) {
    planner = &model;
  }
  Advice advice;
  if (planner != nullptr) {
    advice = advice_for(snapshot, shapes, *planner, options, deadline, progress);
  }
  if (options.cancel.stop_requested()) {
    return cancelled();
  }
  part_of(progress, kAdvised, 1)(0, "applying rules");
  const auto rules = options.rules.empty() ? rules::all() : options.rules;
  const std::string& name = options.target_name.empty() ? snapshot.server.database : options.target_name;
  AuditReport report = analyse(snapshot, shapes, advice, rules, name);
  part_of(progress, kAdvised, 1)(1, "done");
  return report;
}

}  // namespace

Result<AuditReport> audit_once(const std::string& target, const AuditOptions& options,
                               const Progress& progress) {
  try {
    return run(target, options, progress);
  } catch (const std::exception& exception) {
    return Error{ErrorCode::kInternal, fmt::format("audit failed: {}", exception.what()),
                 "this is a defect of planwise: please report it"};
  }
}

}  // namespace planwise
