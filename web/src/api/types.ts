// What the REST API answers, as CONTRACT.md and /api/v1/openapi.json describe it. Fields that an older or
// younger server may leave out are optional; null means "not known" and is never shown as zero.

export type Severity = "critical" | "warning" | "info";
export type Status = "open" | "snoozed" | "dismissed" | "applied" | "verified" | "ineffective";
export type Confidence = "confirmed" | "strong" | "possible";
export type AuditState = "queued" | "running" | "succeeded" | "failed" | "cancelled";
export type Engine = "postgresql" | "mysql" | "mariadb";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface ObjectRef {
  kind: "table" | "column" | "index" | "constraint" | "setting" | "sequence" | "statement";
  name: string;
}

export interface AffectedStatement {
  fingerprint: string;
  query: string | null; // null where the statement is no longer counted
  calls: number | null;
  total_time_ms: number | null;
  mean_ms: number | null;
  load_share: number | null;
  cost_before: number | null;
  cost_after: number | null;
  role?: "parent" | "child";
}

export interface Evidence {
  text: string;
  metric: string;
  value: number | null;
  unit: string;
}

export interface Action {
  kind: "sql" | "configuration" | "application" | "investigate";
  sql: string[];
  rollback: string[];
  text: string;
  effort: "low" | "medium" | "high";
  risk: string;
}

export interface Impact {
  load_saved: number | null;
  time_saved_ms_per_hour: number | null;
  speedup: number | null;
  low: number | null;
  high: number | null;
  basis: "what-if" | "cost-model" | "measured" | "heuristic";
  index_size_bytes: number | null;
  write_overhead: number | null;
}

export interface Recommendation {
  rank: number;
  id: string;
  rule: string;
  also?: string[];
  severity: Severity;
  title: string;
  why: string;
  objects: ObjectRef[];
  statements: AffectedStatement[];
  evidence: Evidence[];
  action: Action;
  impact: Impact | null;
  confidence: Confidence;
  horizon: "quick-win" | "medium-term" | "strategic";
  status: Status;
  snoozed_until?: string | null;
  note?: string | null;
  // False: the newest audit did not find it any more.
  current?: boolean;
  target_id: string;
  target?: string;
  // Absent in a report, which knows one audit only.
  first_seen_at?: string;
  last_seen_at?: string;
}

export interface PlanNode {
  kind: string;
  label: string;
  schema?: string | null;
  table?: string | null;
  alias?: string | null;
  index?: string | null;
  covering?: boolean;
  join?: "nested-loop" | "hash" | "merge" | null;
  rows: number | null;
  rows_read?: number | null;
  cost: number | null;
  filter?: string | null;
  index_condition?: string | null;
  join_condition?: string | null;
  sort_keys?: string[];
  actual: {
    rows: number | null;
    loops: number | null;
    time_ms: number | null;
    rows_removed_by_filter?: number | null;
  } | null;
  children?: PlanNode[];
}

export interface Statement {
  fingerprint: string;
  query: string;
  calls: number;
  total_time_ms: number;
  mean_ms: number;
  stddev_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
  percentiles?: "measured" | "estimated" | null;
  rows: number | null;
  load_share: number | null;
  plan?: PlanNode | null;
  plan_error?: string | null;
  // How the parameters were filled in, and the plan for the least favourable values where that is another one.
  plan_source?: "as-is" | "parameters" | "statistics" | "generic" | "recorded";
  worst_plan?: PlanNode | null;
  target_id: string;
  target?: string;
  last_seen_at?: string;
}

// One reading of a statement's counters, as a difference to the reading before.
export interface HistoryPoint {
  at: string;
  from: string;
  calls: number;
  total_time_ms: number;
  mean_ms: number | null;
  rows: number;
}

export interface Target {
  id: string;
  name: string;
  dsn: string; // without its password
  engine?: Engine | null;
  version?: string | null;
  schedule: string | null;
  labels?: Record<string, string> | null;
  budget?: { query_p95_ms?: number; cache_hit_ratio?: number; connection_usage?: number } | null;
  // "config": from the configuration file, where it is changed too.
  origin?: "config" | "rest";
  enabled?: boolean;
  state?: "up" | "down" | "unknown";
  last_success_at?: string | null;
  last_error?: string | null;
  next_runs?: string[];
}

export interface Load {
  total_time_ms: number;
  calls: number;
  statements: number;
  statements_analysed: number;
  planned_share?: number | null;
}

export interface Audit {
  id: string;
  target_id: string;
  target?: string;
  state: AuditState;
  progress: number;
  step: string;
  started_at: string | null;
  finished_at: string | null;
  error?: string | null;
  hint?: string | null;
  trigger?: "manual" | "schedule";
  queued_at?: string | null;
  recommendations: number;
  skipped: number;
}

export interface Skipped {
  what: string;
  why: string;
  remedy: string | null;
  remedy_sql: string[];
  rule?: string;
  fingerprint?: string;
}

export interface Report {
  schema: string;
  generator: { name: string; version: string };
  target: { name: string; engine: Engine; version: string; database: string };
  window: { from: string | null; to: string | null; kind: string } | null;
  load: Load | null;
  recommendations: Recommendation[];
  statements: Statement[];
  skipped: Skipped[];
}

export interface RuleOption {
  name: string;
  default: number;
  unit: string;
  meaning: string;
}

export interface Rule {
  id: string;
  title: string;
  severity: Severity;
  engines: Engine[];
  what: string;
  why?: string;
  fix?: string;
  quiet?: string;
  options?: RuleOption[];
  references?: string[];
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  // What is wrong with single fields: "/name", "limit".
  errors?: { pointer: string; detail: string }[];
}
