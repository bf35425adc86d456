// A target in a line, with its load as one bar: a segment for each of the statements that take most time.
import { withQuery } from "../api/client";
import { useApi } from "../api/resource";
import type { Page, Statement, Target } from "../api/types";
import { oneLine } from "../sql/layout";
import { duration, share } from "../text/format";
import { TargetTag } from "./tags";

const kSegments = 5;
const kEveryMs = 60_000;

export function TargetLoad({ target }: { target: Target }) {
  const seen = Boolean(target.last_success_at);
  const list = useApi<Page<Statement>>(
    seen ? withQuery("/statements", { target: target.id, sort: "-total_time", limit: kSegments }) : null,
    kEveryMs,
  );
  const items = list.data?.items ?? [];
  return (
    <li>
      <a href={`/targets/${encodeURIComponent(target.id)}`}>{target.name}</a>
      <TargetTag target={target} />
      {items.length > 0 ? (
        <Load items={items} target={target} />
      ) : (
        <span class="muted small">{seen && list.loading ? "…" : "no load seen yet"}</span>
      )}
    </li>
  );
}

function Load({ items, target }: { items: readonly Statement[]; target: Target }) {
  const first = items[0];
  if (!first) return null;
  // What the whole load is follows from any statement's time and its share.
  const total = first.load_share ? first.total_time_ms / first.load_share : null;
  const covered = items.reduce((sum, item) => sum + (item.load_share ?? 0), 0);
  return (
    <div class="wide">
      <span class="load-bar" aria-hidden="true">
        {items.map((item) => (
          <i key={item.fingerprint} style={{ width: `${(item.load_share ?? 0) * 100}%` }} />
        ))}
      </span>
      <span class="muted small num">
        {total !== null && `${duration(total)} in all; `}
        {share(covered)} in {items.length === 1 ? "one statement" : `${items.length} statements`}
      </span>
      <a
        class="sql-line one"
        href={withQuery(`/statements/${encodeURIComponent(first.fingerprint)}`, { target: target.id })}
      >
        <span class="muted num">{share(first.load_share)}</span> {oneLine(first.query, 160)}
      </a>
    </div>
  );
}
