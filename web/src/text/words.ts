// What the API's words mean to a reader.
import type { Impact, Recommendation, Severity, Status } from "../api/types";

export const kSeverities: readonly Severity[] = ["critical", "warning", "info"];
export const kSeverityWord: Record<Severity, string> = {
  critical: "Critical",
  warning: "Warning",
  info: "Info",
};

export const kStatuses: readonly Status[] = [
  "open",
  "snoozed",
  "dismissed",
  "applied",
  "verified",
  "ineffective",
];
export const kStatusWord: Record<Status, string> = {
  open: "Open",
  snoozed: "Snoozed",
  dismissed: "Dismissed",
  applied: "Applied",
  verified: "Verified",
  ineffective: "Ineffective",
};
export const kStatusMeaning: Record<Status, string> = {
  open: "Waiting for a decision.",
  snoozed: "Hidden until the date it was snoozed to.",
  dismissed: "Decided against. It stays hidden unless asked for.",
  applied: "Marked as done. The next audits compare before and after.",
  verified: "Done, and the measurements show the gain.",
  ineffective: "Done, but the measurements show no gain: consider the undo.",
};

export const kConfidenceMeaning: Record<Recommendation["confidence"], string> = {
  confirmed: "The planner, a sequence of statements or a measurement says so.",
  strong: "The figures point clearly this way; nothing was measured after a trial.",
  possible: "One input had to be inferred. Look at it before acting.",
};

export const kHorizonWord: Record<Recommendation["horizon"], string> = {
  "quick-win": "Quick win",
  "medium-term": "Medium term",
  strategic: "Strategic",
};

export const kBasisWord: Record<Impact["basis"], string> = {
  "what-if": "The planner itself says so, asked with the index in place",
  "cost-model": "Worked out by planwise’s cost model from the column statistics",
  measured: "Measured on the target",
  heuristic: "A rule of thumb; treat as a direction",
};

export const kEngineWord: Record<string, string> = {
  postgresql: "PostgreSQL",
  mysql: "MySQL",
  mariadb: "MariaDB",
};

export const kWindowWord: Record<string, string> = {
  "since-reset": "since the counters were reset",
  interval: "between two readings",
  log: "in the log",
  "workload-files": "in the workload files",
};

// "3 statements", "1 statement".
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString()} ${n === 1 ? one : many}`;
}
