#include "server/store/records.h"

namespace planwise {

std::string_view to_string(TargetOrigin value) noexcept {
  return value == TargetOrigin::kConfig ? "config" : "rest";
}

std::string_view to_string(TargetState value) noexcept {
  switch (value) {
    case TargetState::kUnknown: return "unknown";
    case TargetState::kUp: return "up";
    case TargetState::kDown: return "down";
  }
  return "unknown";
}

std::string_view to_string(AuditState value) noexcept {
  switch (value) {
    case AuditState::kQueued: return "queued";
    case AuditState::kRunning: return "running";
    case AuditState::kSucceeded: return "succeeded";
    case AuditState::kFailed: return "failed";
    case AuditState::kCancelled: return "cancelled";
  }
  return "failed";
}

std::string_view to_string(AuditTrigger value) noexcept {
  return value == AuditTrigger::kManual ? "manual" : "schedule";
}

std::optional<TargetState> parse_target_state(std::string_view word) noexcept {
  for (const auto state : {TargetState::kUnknown, TargetState::kUp, TargetState::kDown}) {
    if (word == to_string(state)) {
      return state;
    }
  }
  return std::nullopt;
}

std::optional<AuditState> parse_audit_state(std::string_view word) noexcept {
  for (const auto state : {AuditState::kQueued, AuditState::kRunning, AuditState::kSucceeded,
                           AuditState::kFailed, AuditState::kCancelled}) {
    if (word == to_string(state)) {
      return state;
    }
  }
  return std::nullopt;
}

}  // namespace planwise
