#include "server/api/routes.h"

#include <array>

#include "server/api/handlers.h"

namespace planwise::api {
namespace {

using Words = std::string_view;
using enum ParameterType;

constexpr std::array<Words, 3> kTargetStates{"unknown", "up", "down"};
constexpr std::array<Words, 5> kAuditStates{"queued", "running", "succeeded", "failed", "cancelled"};
constexpr std::array<Words, 6> kFormats{"json", "markdown", "html", "sarif", "sql", "text"};
constexpr std::array<Words, 3> kSeverities{"critical", "warning", "info"};
constexpr std::array<Words, 6> kStatuses{"open",    "snoozed",  "dismissed",
                                         "applied", "verified", "ineffective"};
constexpr std::array<Words, 9> kRecommendationSorts{"rank",       "-impact",    "impact",
                                                    "-severity",  "severity",   "-first_seen",
                                                    "first_seen", "-last_seen", "last_seen"};
constexpr std::array<Words, 8> kStatementSorts{"-total_time", "total_time", "-calls", "calls",
                                               "-mean_time",  "mean_time",  "-rows",  "rows"};

constexpr Parameter kLimit{"limit", kInteger, "At most this many items.", {}, 1, 500};
constexpr Parameter kCursor{"cursor", kText, "`next_cursor` of the page before, for the same query.",
                            {},       0,     500};
constexpr Parameter kTarget{"target", kText, "Only this target, by id or name.", {}, 0, 63};

constexpr std::array kTargetId{Parameter{"id", kId, "The target."}};
constexpr std::array kAuditId{Parameter{"id", kId, "The audit."}};
constexpr std::array kRecommendationId{Parameter{"id", kHex16, "The recommendation."}};
constexpr std::array kFingerprint{Parameter{"fingerprint", kHex16, "The statement."}};
constexpr std::array kRuleId{Parameter{"id", kText, "The rule, for example `unused-index`."}};

constexpr std::array kListTargets{
    Parameter{"q", kText, "Part of the name or address, any case."},
    Parameter{"state", kChoice, "Whether the newest audit reached it.", kTargetStates}, kLimit, kCursor};
constexpr std::array kListAudits{
    kTarget, Parameter{"state", kChoice, "Only audits in this state.", kAuditStates}, kLimit, kCursor};
constexpr std::array kListTargetAudits{
    Parameter{"state", kChoice, "Only audits in this state.", kAuditStates}, kLimit, kCursor};
constexpr std::array kReport{Parameter{"format", kChoice, "The form; else by Accept.", kFormats}};
constexpr std::array kListRecommendations{
    kTarget,
    Parameter{"rule", kText, "Only what this rule found."},
    Parameter{"severity", kChoice, "Only of this severity.", kSeverities},
    Parameter{"status", kChoices, "Only with these statuses; without it all but dismissed and snoozed.",
              kStatuses},
    Parameter{"q", kText, "Part of title, object, rule or target, any case."},
    Parameter{"history", kBoolean, "Also what the newest audit did not find any more."},
    Parameter{"sort", kChoice, "The order; `-` is greatest or newest first. Default: rank.",
              kRecommendationSorts},
    kLimit,
    kCursor};
constexpr std::array kListStatements{
    kTarget, Parameter{"q", kText, "Part of the statement, any case."},
    Parameter{"sort", kChoice, "The order; `-` is greatest first. Default: -total_time.", kStatementSorts},
    kLimit, kCursor};
constexpr std::array kGetStatement{kTarget};
constexpr std::array kHistory{
    kTarget, Parameter{"from", kTime, "Default: seven days before `to`."},
    Parameter{"to", kTime, "Default: now."}, kLimit,
    Parameter{"cursor", kInteger, "`next_cursor` of the page before.", {}, 0, INT64_MAX}};
constexpr std::array kListRules{kLimit, kCursor};

constexpr std::array kTargetList{Response{200, "TargetList", "Targets by name."}};
constexpr std::array kTargetCreated{
    Response{201, "Target", "Added; `Location` names it. Its password is not repeated."},
    Response{409, "Problem", "The name is taken.", "application/problem+json"}};
constexpr std::array kOneTarget{Response{200, "Target", "The target, without its password."}};
constexpr std::array kChangedTarget{
    Response{200, "Target", "As it is now."},
    Response{409, "Problem", "It stands in the configuration file.", "application/problem+json"}};
constexpr std::array kGone{
    Response{204, "", "Removed, with all that was known of it."},
    Response{409, "Problem", "It stands in the configuration file.", "application/problem+json"}};
constexpr std::array kAuditList{Response{200, "AuditList", "Audits, newest first."}};
constexpr std::array kAuditAccepted{
    Response{202, "Audit", "Queued, or the one that waits or runs already; `Location` names it."},
    Response{409, "Problem", "The target is disabled.", "application/problem+json"}};
constexpr std::array kAuditCancelled{Response{202, "Audit", "Ends at its next step."},
                                     Response{409, "Problem", "It is over.", "application/problem+json"}};
constexpr std::array kOneAudit{Response{200, "Audit", "How far it is, or how it ended."}};
constexpr std::array kReportForms{
    Response{200, "Report", "The report."},
    Response{200, "", "For people, in one file.", "text/html"},
    Response{200, "", "For issues and wikis.", "text/markdown"},
    Response{200, "", "For code scanning.", "application/sarif+json"},
    Response{200, "", "Just the statements to run.", "application/sql"},
    Response{200, "", "For a terminal.", "text/plain"},
    Response{406, "Problem", "None of these forms.", "application/problem+json"}};
constexpr std::array kRecommendationList{
    Response{200, "RecommendationList", "The current ones, best first."}};
constexpr std::array kOneRecommendation{Response{200, "Recommendation", "The recommendation."}};
constexpr std::array kStatementList{Response{200, "StatementList", "Statements without their plans."}};
constexpr std::array kOneStatement{Response{200, "Statement", "The statement with its plan."}};
constexpr std::array kHistoryList{
    Response{200, "StatementHistory", "Counters of each interval, oldest first."}};
constexpr std::array kRuleList{Response{200, "RuleList", "The rules by id."}};
constexpr std::array kOneRule{Response{200, "Rule", "The rule."}};
constexpr std::array kEvents{
    Response{200, "", "Audit progress and new findings, without end.", "text/event-stream"}};
constexpr std::array kHealthy{Response{200, "Health", "The process answers."}};
constexpr std::array kReady{Response{200, "Readiness", "The store takes writes and schedules are kept."},
                            Response{503, "Readiness", "`reasons` says what is wrong."}};
constexpr std::array kMetrics{Response{200, "", "Prometheus text format 0.0.4.", "text/plain"}};
constexpr std::array kVersion{Response{200, "Version", "The version."}};
constexpr std::array kOpenApi{Response{200, "OpenApi", "This document."}};

using enum Method;

constexpr std::array kRoutes{
    Route{kGet,
          "/api/v1/targets",
          "listTargets",
          "The targets.",
          {},
          kListTargets,
          {},
          kTargetList,
          list_targets},
    Route{kPost,
          "/api/v1/targets",
          "addTarget",
          "Add a target.",
          {},
          {},
          "NewTarget",
          kTargetCreated,
          add_target},
    Route{
        kGet, "/api/v1/targets/{id}", "getTarget", "One target.", kTargetId, {}, {}, kOneTarget, get_target},
    Route{kPatch,
          "/api/v1/targets/{id}",
          "changeTarget",
          "Change what is given.",
          kTargetId,
          {},
          "TargetChange",
          kChangedTarget,
          change_target},
    Route{kDelete,
          "/api/v1/targets/{id}",
          "removeTarget",
          "Remove a target and its history.",
          kTargetId,
          {},
          {},
          kGone,
          remove_target},
    Route{kGet,
          "/api/v1/targets/{id}/audits",
          "listTargetAudits",
          "A target's audits.",
          kTargetId,
          kListTargetAudits,
          {},
          kAuditList,
          list_target_audits},
    Route{kPost,
          "/api/v1/targets/{id}/audits",
          "startAudit",
          "Audit a target now.",
          kTargetId,
          {},
          {},
          kAuditAccepted,
          start_audit},
    Route{kGet,
          "/api/v1/audits",
          "listAudits",
          "Audits of all targets.",
          {},
          kListAudits,
          {},
          kAuditList,
          list_audits},
    Route{kGet, "/api/v1/audits/{id}", "getAudit", "One audit.", kAuditId, {}, {}, kOneAudit, get_audit},
    Route{kPost,
          "/api/v1/audits/{id}/cancel",
          "cancelAudit",
          "End an audit early.",
          kAuditId,
          {},
          {},
          kAuditCancelled,
          cancel_audit},
    Route{kGet,
          "/api/v1/audits/{id}/report",
          "getReport",
          "What an audit found.",
          kAuditId,
          kReport,
          {},
          kReportForms,
          get_report},
    Route{kGet,
          "/api/v1/recommendations",
          "listRecommendations",
          "What would make the targets faster.",
          {},
          kListRecommendations,
          {},
          kRecommendationList,
          list_recommendations},
    Route{kGet,
          "/api/v1/recommendations/{id}",
          "getRecommendation",
          "One recommendation.",
          kRecommendationId,
          {},
          {},
          kOneRecommendation,
          get_recommendation},
    Route{kPatch,
          "/api/v1/recommendations/{id}",
          "changeRecommendation",
          "Decide about a recommendation.",
          kRecommendationId,
          {},
          "RecommendationChange",
          kOneRecommendation,
          change_recommendation},
    Route{kGet,
          "/api/v1/statements",
          "listStatements",
          "What runs on the targets.",
          {},
          kListStatements,
          {},
          kStatementList,
          list_statements},
    Route{kGet,
          "/api/v1/statements/{fingerprint}",
          "getStatement",
          "One statement, on the target where it takes most time or on the one named.",
          kFingerprint,
          kGetStatement,
          {},
          kOneStatement,
          get_statement},
    Route{kGet,
          "/api/v1/statements/{fingerprint}/history",
          "getStatementHistory",
          "A statement over time.",
          kFingerprint,
          kHistory,
          {},
          kHistoryList,
          get_statement_history},
    Route{kGet, "/api/v1/rules", "listRules", "The rules.", {}, kListRules, {}, kRuleList, list_rules},
    Route{kGet, "/api/v1/rules/{id}", "getRule", "One rule.", kRuleId, {}, {}, kOneRule, get_rule},
    Route{kGet, "/api/v1/events", "followEvents", "Server-sent events.", {}, {}, {}, kEvents, follow_events},
    Route{kGet,
          "/api/v1/openapi.json",
          "getOpenApi",
          "The description of this API.",
          {},
          {},
          {},
          kOpenApi,
          get_openapi},
    Route{kGet, "/healthz", "getHealth", "Is it alive?", {}, {}, {}, kHealthy, get_health},
    Route{kGet, "/readyz", "getReadiness", "Is it ready?", {}, {}, {}, kReady, get_readiness},
    Route{kGet, "/metrics", "getMetrics", "How is it doing?", {}, {}, {}, kMetrics, get_metrics},
    Route{kGet, "/version", "getVersion", "Which version is it?", {}, {}, {}, kVersion, get_version},
};

}  // namespace

std::span<const Route> routes() noexcept {
  return kRoutes;
}

}  // namespace planwise::api
