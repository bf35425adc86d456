// /audits: what was looked at when, and the reports that came of it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/api/documents.h"
#include "server/api/handlers.h"
#include "server/api/replies.h"
#include "server/report/format.h"
#include "server/report/json.h"

namespace planwise::api {
namespace {

Reply list(Services& services, const Call& call, std::optional<TargetId> target) {
  return list_reply(
      services.store.audits(
          {.target = target, .state = parse_audit_state(call.text("state")), .page = page_of(call)}),
      call, audit_document);
}

// 202 with the audit's state and where to ask for more.
Reply accepted(Services& services, const Call& call, AuditId id) {
  const auto audit = services.store.audit(id);
  if (!audit) {
    return reply_of(audit.error(), call);
  }
  Reply reply{.status = 202, .body = audit_document(*audit)};
  reply.headers.emplace_back("Location", fmt::format("/api/v1/audits/{}", id.value));
  return reply;
}

// What the target's or the audit's state does not allow.
Reply conflict(const Error& error, const Call& call) {
  if (error.code == ErrorCode::kInvalidArgument) {
    return reply_of(Problem{.status = 409, .detail = error.message, .instance = call.path()});
  }
  return reply_of(error, call);
}

constexpr std::array<Format, 6> kFormats{Format::kJson,  Format::kHtml, Format::kMarkdown,
                                         Format::kSarif, Format::kSql,  Format::kText};

// The quality of a media range, 1 where none is given. Source: RFC 9110, 12.4.2.
double quality_of(std::string_view parameters) {
  const auto at = parameters.find("q=");
  return at == std::string_view::npos ? 1
                                      : std::strtod(std::string(parameters.substr(at + 2)).c_str(), nullptr);
}

// What Accept likes best; nullopt where it likes none of ours. Between equals the earlier range wins.
std::optional<Format> accepted_format(std::string_view accept) {
  if (accept.empty()) {
    return Format::kJson;
  }
  std::optional<Format> best;
  double best_quality = 0;
  while (!accept.empty()) {
    const auto comma = accept.find(',');
    std::string_view range = accept.substr(0, comma);
    accept.remove_prefix(comma == std::string_view::npos ? accept.size() : comma + 1);
    const auto semicolon = range.find(';');
    const double quality = semicolon == std::string_view::npos ? 1 : quality_of(range.substr(semicolon));
    range = range.substr(0, semicolon);
    while (range.starts_with(' ')) {
      range.remove_prefix(1);
    }
    while (range.ends_with(' ')) {
      range.remove_suffix(1);
    }
    const auto* const fits = std::find_if(kFormats.begin(), kFormats.end(), [&](Format format) {
      const std::string_view type = media_type(format).substr(0, media_type(format).find(';'));
      return range == "*/*" || range == type ||
             (range.ends_with("/*") && type.starts_with(range.substr(0, range.size() - 1)));
    });
    if (fits != kFormats.end() && quality > best_quality) {
      best = *fits;
      best_quality = quality;
    }
  }
  return best;
}

}  // namespace

Reply list_audits(Services& services, const Call& call) {
  const auto target = target_of(services.store, call);
  return target ? list(services, call, *target) : reply_of(target.error(), call);
}

Reply list_target_audits(Services& services, const Call& call) {
  const auto target = services.store.target(TargetId{call.integer("id")});
  return target ? list(services, call, target->id) : reply_of(target.error(), call);
}

Reply start_audit(Services& services, const Call& call) {
  const auto queued = services.auditor.request(TargetId{call.integer("id")}, AuditTrigger::kManual);
  return queued ? accepted(services, call, queued->id) : conflict(queued.error(), call);
}

Reply get_audit(Services& services, const Call& call) {
  const auto audit = services.store.audit(AuditId{call.integer("id")});
  return audit ? resource_reply(call, audit_document(*audit)) : reply_of(audit.error(), call);
}

Reply cancel_audit(Services& services, const Call& call) {
  const AuditId id{call.integer("id")};
  const auto cancelled = services.auditor.cancel(id);
  return cancelled ? accepted(services, call, id) : conflict(cancelled.error(), call);
}

Reply get_report(Services& services, const Call& call) {
  const auto format =
      call.has("format") ? parse_format(call.text("format")) : accepted_format(call.field("accept"));
  if (!format) {
    return reply_of(
        Problem{.status = 406,
                .detail = "the report can be had as JSON, HTML, Markdown, SARIF, SQL or plain text",
                .instance = call.path()});
  }
  auto json = services.store.report_json(AuditId{call.integer("id")});
  if (!json) {
    return reply_of(json.error(), call);
  }
  std::string document = std::move(json).value();
  if (*format != Format::kJson) {
    const auto report = parse_report(document);
    if (!report) {
      return reply_of(report.error(), call);
    }
    document = render(*report, *format);
  }
  Reply reply = resource_reply(call, std::move(document));
  reply.content_type = media_type(*format);
  reply.headers.emplace_back("Vary", "Accept");
  if (*format == Format::kHtml) {
    // The page holds its own style and nothing that runs.
    reply.headers.emplace_back(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'");
  }
  return reply;
}

}  // namespace planwise::api
