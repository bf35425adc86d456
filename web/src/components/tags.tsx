// Small labelled marks. Colour never speaks alone: each has its word, most an icon.
import type { AuditState, Recommendation, Severity, Status, Target } from "../api/types";
import { kConfidenceMeaning, kSeverityWord, kStatusMeaning, kStatusWord } from "../text/words";
import { AuditIcon, CheckIcon, CriticalIcon, DownIcon, InfoIcon, WarningIcon } from "./icons";

const kSeverityIcon = { critical: CriticalIcon, warning: WarningIcon, info: InfoIcon };

export function SeverityTag({ severity }: { severity: Severity }) {
  const Icon = kSeverityIcon[severity] ?? InfoIcon;
  return (
    <span class="tag" data-tone={severity}>
      <Icon />
      {kSeverityWord[severity] ?? severity}
    </span>
  );
}

const kStatusTone: Partial<Record<Status, string>> = {
  verified: "ok",
  ineffective: "warning",
  applied: "info",
};

export function StatusTag({ status }: { status: Status }) {
  return (
    <span class="tag" data-tone={kStatusTone[status]} title={kStatusMeaning[status]}>
      {kStatusWord[status] ?? status}
    </span>
  );
}

export function ConfidenceTag({ confidence }: { confidence: Recommendation["confidence"] }) {
  return (
    <span class="tag" title={kConfidenceMeaning[confidence]}>
      {confidence}
    </span>
  );
}

const kAuditTone: Record<AuditState, string | undefined> = {
  queued: undefined,
  running: "info",
  succeeded: "ok",
  failed: "critical",
  cancelled: "warning",
};

export function AuditTag({ state }: { state: AuditState }) {
  const Icon =
    state === "succeeded"
      ? CheckIcon
      : state === "failed"
        ? CriticalIcon
        : state === "cancelled"
          ? DownIcon
          : AuditIcon;
  return (
    <span class="tag" data-tone={kAuditTone[state]}>
      <Icon />
      {state}
    </span>
  );
}

export function TargetTag({ target }: { target: Target }) {
  const state = target.state ?? "unknown";
  if (state === "down") {
    return (
      <span class="tag" data-tone="critical">
        <DownIcon />
        down
      </span>
    );
  }
  return state === "up" ? (
    <span class="tag" data-tone="ok">
      <CheckIcon />
      up
    </span>
  ) : (
    <span class="tag">not audited yet</span>
  );
}
