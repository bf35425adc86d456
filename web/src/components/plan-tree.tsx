// A plan as a tree of lines: what each step does, and its share of time (or cost) and rows as bars. A step
// opens to its details. Steps are <details>, so the keyboard and screen readers need nothing of their own.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { PlanNode } from "../api/types";
import { count, duration, share } from "../text/format";
import { Sql } from "./sql";

type Metric = "time" | "cost" | "rows";

interface Totals {
  time: number | null;
  cost: number | null;
  rows: number;
}

interface Own {
  time: number | null;
  cost: number | null;
  rows: number | null;
}

const kMetricName: Record<Metric, string> = { time: "own time", cost: "own cost", rows: "rows" };

const childrenOf = (node: PlanNode): PlanNode[] => node.children ?? [];

// What a node adds itself: its total less its children's. The engine's totals include the children. A LIMIT
// above can make a child's total exceed its parent's; that is no negative work.
function ownOf(node: PlanNode): Own {
  const less = (total: number | null | undefined, parts: (number | null | undefined)[]): number | null =>
    total === null || total === undefined
      ? null
      : Math.max(0, total - parts.reduce<number>((sum, part) => sum + (part ?? 0), 0));
  return {
    time: less(
      node.actual?.time_ms,
      childrenOf(node).map(({ actual }) => actual?.time_ms),
    ),
    cost: less(
      node.cost,
      childrenOf(node).map(({ cost }) => cost),
    ),
    rows: node.actual?.rows ?? node.rows,
  };
}

function all(node: PlanNode): PlanNode[] {
  return [node, ...childrenOf(node).flatMap(all)];
}

const kKindWord: Record<string, string> = {
  "full-scan": "reads the whole table",
  "full-index-scan": "reads the whole index",
  "index-scan": "looks up by index",
  "bitmap-scan": "collects pages by index, then reads them",
  sort: "sorts",
  aggregate: "groups or counts",
  materialize: "keeps an intermediate result",
  limit: "stops early",
  union: "puts results together",
  subquery: "reads a sub-query’s result",
  window: "computes over windows",
  write: "changes rows",
};

function describe(node: PlanNode): string {
  if (node.covering) return "answers from the index alone";
  if (node.kind === "join") {
    const word = {
      "nested-loop": "joins row by row",
      hash: "joins by hash table",
      merge: "joins sorted inputs",
    };
    return node.join ? word[node.join] : "joins";
  }
  return kKindWord[node.kind] ?? "";
}

function tableOf(node: PlanNode): string {
  if (!node.table) return "";
  const name = node.schema ? `${node.schema}.${node.table}` : node.table;
  return node.alias && node.alias !== node.table ? `${name} ${node.alias}` : name;
}

// `name` tells the trees of one page apart.
export function PlanTree({ root, name: tree }: { root: PlanNode; name: string }) {
  const nodes = all(root);
  const measured = root.actual?.time_ms != null;
  const metrics: Metric[] = [
    ...(measured ? (["time"] as const) : []),
    ...(root.cost !== null ? (["cost"] as const) : []),
    "rows",
  ];
  const [metric, setMetric] = useState<Metric>(metrics[0] ?? "rows");
  const owns = nodes.map(ownOf);
  const sum = (of: (own: Own) => number | null): number | null => {
    const known = owns.map(of).filter((value) => value !== null);
    return known.length > 0 ? known.reduce((a, b) => a + b, 0) : null;
  };
  const totals: Totals = {
    time: sum(({ time }) => time),
    cost: sum(({ cost }) => cost),
    rows: owns.reduce((most, { rows }) => Math.max(most, rows ?? 0), 0),
  };
  return (
    <div class="plan">
      <fieldset class="segments">
        <legend class="small muted">Bars show</legend>
        {metrics.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name={`${tree}-metric`}
              checked={metric === name}
              onChange={() => setMetric(name)}
            />
            <span>{kMetricName[name]}</span>
          </label>
        ))}
      </fieldset>
      <ul class="plan-tree">
        <Step node={root} metric={metric} totals={totals} />
      </ul>
    </div>
  );
}

interface StepProps {
  node: PlanNode;
  metric: Metric;
  totals: Totals;
}

function amount(own: Own, metric: Metric): string {
  if (metric === "time") return duration(own.time);
  return metric === "cost" ? count(own.cost) : `${count(own.rows)} rows`;
}

function Step({ node, metric, totals }: StepProps) {
  const own = ownOf(node);
  const value = own[metric];
  const total = totals[metric];
  const part = value === null || !total ? null : value / total;
  const table = tableOf(node);
  return (
    <li>
      <details class="plan-step">
        <summary>
          <span class="plan-name">
            <strong>{node.label}</strong>
            {table && <span class="mono"> {table}</span>}
            {node.index && <span class="small muted"> using {node.index}</span>}
            <span class="plan-says small muted">{describe(node)}</span>
          </span>
          <span class="plan-bar" aria-hidden="true">
            <i
              data-hot={metric !== "rows" && part !== null && part >= 0.5}
              style={{ width: `${Math.max(0, Math.min(1, part ?? 0)) * 100}%` }}
            />
          </span>
          <span class="plan-value num small">
            {amount(own, metric)}
            {metric !== "rows" && part !== null && <span class="muted"> {share(part)}</span>}
          </span>
        </summary>
        <StepDetails node={node} own={own} />
      </details>
      {childrenOf(node).length > 0 && (
        <ul>
          {childrenOf(node).map((child, i) => (
            <Step key={i} node={child} metric={metric} totals={totals} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Misestimate({ node }: { node: PlanNode }) {
  const actual = node.actual;
  if (!actual?.loops || actual.rows === null || node.rows === null) return null;
  const perLoop = actual.rows / actual.loops;
  const ratio = Math.max(perLoop, 1) / Math.max(node.rows, 1);
  if (ratio < 10 && ratio > 0.1) return null;
  return (
    <p class="notice" data-tone="warning">
      The planner expected {count(node.rows)} rows a loop and got {count(perLoop)}. Statistics may be stale or
      too coarse.
    </p>
  );
}

function StepDetails({ node, own }: { node: PlanNode; own: Own }) {
  const actual = node.actual;
  const pairs: [string, ComponentChildren][] = [
    ["Rows expected a loop", count(node.rows)],
    ...(node.rows_read != null ? ([["Rows read a loop", count(node.rows_read)]] as [string, string][]) : []),
    ["Cost with its inputs", count(node.cost)],
    ["Own cost", count(own.cost)],
    ...(actual
      ? ([
          ["Rows, all loops", count(actual.rows)],
          ["Loops", count(actual.loops)],
          ["Time with its inputs", duration(actual.time_ms)],
          ...(actual.rows_removed_by_filter != null
            ? [["Rows thrown away by the filter", count(actual.rows_removed_by_filter)]]
            : []),
        ] as [string, string][])
      : []),
  ];
  return (
    <div class="plan-details">
      {actual?.loops === 0 && <p class="muted">Never executed.</p>}
      <Misestimate node={node} />
      <dl class="pairs">
        {pairs.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}-value`}>{value}</dd>])}
      </dl>
      {node.index_condition && (
        <Sql text={node.index_condition} what="the index condition" caption="Finds rows by" />
      )}
      {node.filter && <Sql text={node.filter} what="the filter" caption="Then throws away rows unless" />}
      {node.join_condition && <Sql text={node.join_condition} what="the join condition" caption="Joins on" />}
      {node.sort_keys && node.sort_keys.length > 0 && (
        <Sql text={node.sort_keys.join(", ")} what="the sort keys" caption="Sorts by" />
      )}
    </div>
  );
}
