// /targets: what planwise looks after.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/api/documents.h"
#include "server/api/dsn.h"
#include "server/api/handlers.h"
#include "server/api/members.h"
#include "server/api/replies.h"
#include "server/schedule/cron.h"

namespace planwise::api {
namespace {

constexpr std::size_t kMaxName = 63;
constexpr std::size_t kMaxDsn = 2000;
constexpr std::size_t kMaxSchedule = 200;
constexpr double kMaxMillis = 86'400'000;  // a day

std::string document_of(const Services& services, const Target& target) {
  return target_document(target, services.timezone, services.clock.now());
}

std::optional<TargetBudget> read_budget(Members& members) {
  const auto numbers = members.numbers(
      "budget", {{"query_p95_ms", 0, kMaxMillis}, {"cache_hit_ratio", 0, 1}, {"connection_usage", 0, 1}});
  if (!numbers) {
    return std::nullopt;
  }
  const auto number = [&](const char* name) {
    const auto at = numbers->find(name);
    return at == numbers->end() ? std::nullopt : std::optional(at->second);
  };
  const auto p95 = number("query_p95_ms");
  return TargetBudget{.query_p95 = p95 ? std::optional(Millis(*p95)) : std::nullopt,
                      .cache_hit_ratio = number("cache_hit_ratio"),
                      .connection_usage = number("connection_usage")};
}

// The members that a new and a changed target share, checked.
TargetChange read_change(const Services& services, Members& members) {
  TargetChange change{.dsn = members.text("dsn", kMaxDsn),
                      .schedule = members.text_or_null("schedule", kMaxSchedule),
                      .labels = members.labels("labels"),
                      .budget = read_budget(members)};
  if (change.dsn) {
    if (const auto allowed = check_remote_dsn(*change.dsn); !allowed) {
      members.fault("dsn", allowed.error().message);
    }
  }
  if (change.schedule && !change.schedule->empty()) {
    if (const auto cron = Cron::parse(*change.schedule, services.timezone); !cron) {
      members.fault("schedule", cron.error().message);
    }
  }
  return change;
}

Reply conflict(const Call& call, std::string detail) {
  return reply_of(Problem{.status = 409, .detail = std::move(detail), .instance = call.path()});
}

Reply refused(const Call& call, Problem problem) {
  problem.instance = call.path();
  return reply_of(problem);
}

// The target that the path names, if this request may change it; else the reply that says why not.
std::variant<Target, Reply> changeable(Services& services, const Call& call) {
  auto target = services.store.target(TargetId{call.integer("id")});
  if (!target) {
    return reply_of(target.error(), call);
  }
  if (target->origin == TargetOrigin::kConfig) {
    return conflict(call, "the target stands in the configuration file; change it there");
  }
  if (auto failed = failed_precondition(call, document_of(services, *target))) {
    return *std::move(failed);
  }
  return std::move(target).value();
}

}  // namespace

Reply list_targets(Services& services, const Call& call) {
  const auto page = services.store.targets(
      {.text = call.text("q"), .state = parse_target_state(call.text("state")), .page = page_of(call)});
  return list_reply(page, call, [&](const Target& target) { return document_of(services, target); });
}

Reply add_target(Services& services, const Call& call) {
  Members members(call.body());
  const auto name = members.text("name", kMaxName);
  members.require("name");
  members.require("dsn");
  if (name && (name->empty() || name->find_first_not_of(' ') == std::string::npos)) {
    members.fault("name", "must not be blank");
  }
  TargetChange change = read_change(services, members);
  if (const auto problem = members.problem()) {
    return refused(call, *problem);
  }
  if (services.store.target_by_name(*name)) {
    return conflict(call, fmt::format("there is a target named \"{}\" already", *name));
  }
  const auto id = services.store.add_target(
      {.name = *name,
       .dsn = *std::move(change.dsn),
       .schedule = std::move(change.schedule).value_or(""),
       .labels = std::move(change.labels).value_or(std::map<std::string, std::string>{}),
       .budget = change.budget.value_or(TargetBudget{})});
  if (!id) {
    return reply_of(id.error(), call);
  }
  services.scheduler.refresh();
  const auto target = services.store.target(*id);
  if (!target) {
    return reply_of(target.error(), call);
  }
  Reply reply{.status = 201, .body = document_of(services, *target)};
  reply.headers.emplace_back("Location", fmt::format("/api/v1/targets/{}", id->value));
  return reply;
}

Reply get_target(Services& services, const Call& call) {
  const auto target = services.store.target(TargetId{call.integer("id")});
  return target ? resource_reply(call, document_of(services, *target)) : reply_of(target.error(), call);
}

Reply change_target(Services& services, const Call& call) {
  Members members(call.body());
  TargetChange change = read_change(services, members);
  change.enabled = members.flag("enabled");
  if (const auto problem = members.problem()) {
    return refused(call, *problem);
  }
  auto found = changeable(services, call);
  if (auto* const reply = std::get_if<Reply>(&found)) {
    return std::move(*reply);
  }
  const auto changed = services.store.change_target(std::get<Target>(found).id, change);
  if (!changed) {
    return reply_of(changed.error(), call);
  }
  services.scheduler.refresh();
  return resource_reply(call, document_of(services, *changed));
}

Reply remove_target(Services& services, const Call& call) {
  auto found = changeable(services, call);
  if (auto* const reply = std::get_if<Reply>(&found)) {
    return std::move(*reply);
  }
  const auto removed = services.store.remove_target(std::get<Target>(found).id);
  if (!removed) {
    return reply_of(removed.error(), call);
  }
  services.scheduler.refresh();
  return {.status = 204};
}

}  // namespace planwise::api
