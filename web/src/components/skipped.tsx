// What an audit could not look at, grouped by reason, each group with the way to mend it.
import type { Skipped } from "../api/types";
import { CheckIcon } from "./icons";
import { Sql } from "./sql";
import { Empty } from "./states";

interface Group {
  what: string;
  why: string;
  remedy: string | null;
  remedySql: string[];
  items: Skipped[];
}

export function groupsOf(items: readonly Skipped[]): Group[] {
  const groups = new Map<string, Group>();
  for (const item of items) {
    const key = JSON.stringify([item.what, item.why, item.remedy, item.remedy_sql]);
    const group = groups.get(key);
    if (group) group.items.push(item);
    else
      groups.set(key, {
        what: item.what,
        why: item.why,
        remedy: item.remedy,
        remedySql: item.remedy_sql,
        items: [item],
      });
  }
  return [...groups.values()].sort(
    (a, b) => b.remedySql.length - a.remedySql.length || b.items.length - a.items.length,
  );
}

export function SkippedList({ items, target }: { items: readonly Skipped[]; target: string }) {
  if (items.length === 0) {
    return (
      <Empty icon={<CheckIcon />} title="Everything was looked at">
        <p>No part of this audit was left out.</p>
      </Empty>
    );
  }
  return (
    <ul>
      {groupsOf(items).map((group) => (
        <li key={group.what + group.why + group.remedySql.join()} class="skipped prose">
          <h3>
            {group.what}
            {group.items.length > 1 && <span class="muted num"> × {group.items.length}</span>}
          </h3>
          <p>{group.why}</p>
          {group.remedy && (
            <p>
              <strong>Remedy:</strong> {group.remedy}
            </p>
          )}
          {group.remedySql.length > 0 && (
            <Sql
              text={group.remedySql.map((sql) => (/;\s*$/.test(sql) ? sql : `${sql};`)).join("\n")}
              what="the remedy"
              caption="Run as an administrator of the target"
            />
          )}
          <Parts group={group} target={target} />
        </li>
      ))}
    </ul>
  );
}

function Parts({ group, target }: { group: Group; target: string }) {
  const told = group.items.filter((item) => item.rule || item.fingerprint);
  if (told.length === 0) return null;
  return (
    <details>
      <summary class="small">What that left out</summary>
      <ul class="small parts">
        {told.map((item, i) => (
          <li key={i}>
            {item.fingerprint && (
              <>
                {" "}
                <a
                  class="mono"
                  href={`/statements/${encodeURIComponent(item.fingerprint)}?target=${encodeURIComponent(target)}`}
                >
                  {item.fingerprint}
                </a>
              </>
            )}
            {item.rule && (
              <>
                {" "}
                <a href={`/rules/${encodeURIComponent(item.rule)}`}>{item.rule}</a>
              </>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
