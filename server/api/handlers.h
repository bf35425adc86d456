// The handlers of the routes, one file a resource. Each answers one request; none throws but on a defect.
#pragma once

#include "server/api/call.h"
#include "server/api/reply.h"
#include "server/api/services.h"

namespace planwise::api {

// targets.cpp
Reply list_targets(Services& services, const Call& call);
Reply add_target(Services& services, const Call& call);
Reply get_target(Services& services, const Call& call);
Reply change_target(Services& services, const Call& call);
Reply remove_target(Services& services, const Call& call);

// audits.cpp
Reply list_audits(Services& services, const Call& call);
Reply list_target_audits(Services& services, const Call& call);
Reply start_audit(Services& services, const Call& call);
Reply get_audit(Services& services, const Call& call);
Reply cancel_audit(Services& services, const Call& call);
Reply get_report(Services& services, const Call& call);

// recommendations.cpp
Reply list_recommendations(Services& services, const Call& call);
Reply get_recommendation(Services& services, const Call& call);
Reply change_recommendation(Services& services, const Call& call);

// statements.cpp
Reply list_statements(Services& services, const Call& call);
Reply get_statement(Services& services, const Call& call);
Reply get_statement_history(Services& services, const Call& call);

// rules.cpp
Reply list_rules(Services& services, const Call& call);
Reply get_rule(Services& services, const Call& call);

// events.cpp
Reply follow_events(Services& services, const Call& call);

// operations.cpp
Reply get_health(Services& services, const Call& call);
Reply get_readiness(Services& services, const Call& call);
Reply get_metrics(Services& services, const Call& call);
Reply get_version(Services& services, const Call& call);
Reply get_openapi(Services& services, const Call& call);

}  // namespace planwise::api
