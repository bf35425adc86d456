// The statements a recommendation helps, each with the planner's cost before and after as bars.
import type { AffectedStatement, Recommendation } from "../api/types";
import { oneLine } from "../sql/layout";
import { count, duration, share, times } from "../text/format";
import { plural } from "../text/words";

export function AffectedStatements({ item }: { item: Recommendation }) {
  const statements = item.statements;
  if (statements.length === 0) return null;
  const chain = statements.some(({ role }) => role !== undefined);
  return (
    <section class="card flush" aria-labelledby="helps">
      <div class="card-head">
        <h2 id="helps">{chain ? "The statements in order" : "Statements it helps"}</h2>
        <span class="muted small">{plural(statements.length, "statement")}</span>
      </div>
      <ol>
        {statements.map((statement) => (
          <Affected key={statement.fingerprint} statement={statement} target={item.target_id} />
        ))}
      </ol>
    </section>
  );
}

function Affected({ statement, target }: { statement: AffectedStatement; target: string }) {
  return (
    <li class="affected">
      <a
        class="sql-line"
        data-row
        href={`/statements/${encodeURIComponent(statement.fingerprint)}?target=${encodeURIComponent(target)}`}
      >
        {statement.query === null ? statement.fingerprint : oneLine(statement.query)}
      </a>
      <p class="small muted num">
        {statement.role && <span class="tag">{statement.role}</span>}
        {count(statement.calls)} calls · {duration(statement.mean_ms)} each · {share(statement.load_share)} of
        load
      </p>
      <CostBars before={statement.cost_before} after={statement.cost_after} />
    </li>
  );
}

function CostBars({ before, after }: { before: number | null; after: number | null }) {
  if (before === null || after === null || before <= 0) return null;
  const ratio = after > 0 ? before / after : null;
  return (
    <div class="costs num">
      <span class="small muted">Cost before</span>
      <Bar width={1} kind="before" />
      <span>{count(before)}</span>
      <span class="small muted">after</span>
      <Bar width={after / before} kind="after" />
      <span>
        {count(after)}
        {ratio !== null && ratio > 1.05 && <span class="muted small"> ({times(ratio)} less)</span>}
      </span>
    </div>
  );
}

function Bar({ width, kind }: { width: number; kind: "before" | "after" }) {
  return (
    <span class="cost-bar" aria-hidden="true">
      <i data-kind={kind} style={{ width: `${Math.max(0.4, Math.min(1, width) * 100)}%` }} />
    </span>
  );
}
