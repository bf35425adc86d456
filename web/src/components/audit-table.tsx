import { targetName } from "../api/targets";
import type { Audit } from "../api/types";
import { duration, kNone, whole } from "../text/format";
import { type Column, Table } from "./table";
import { AuditTag } from "./tags";
import { Time } from "./time";

function took(audit: Audit): string {
  if (!audit.started_at || !audit.finished_at) return kNone;
  return duration(Date.parse(audit.finished_at) - Date.parse(audit.started_at));
}

const whenDone = (audit: Audit, n: number): string => (audit.state === "succeeded" ? whole(n) : kNone);

function State({ audit }: { audit: Audit }) {
  return (
    <>
      <AuditTag state={audit.state} />
      {audit.error && <span class="small muted audit-error">{audit.error}</span>}
    </>
  );
}

export function AuditTable({ items, withTarget = false }: { items: readonly Audit[]; withTarget?: boolean }) {
  const columns: Column<Audit>[] = [
    {
      name: "Started",
      cell: (audit) => (
        <a data-row href={`/audits/${encodeURIComponent(audit.id)}`}>
          {audit.started_at || audit.queued_at ? (
            <Time at={audit.started_at ?? audit.queued_at} show="exact" />
          ) : (
            `audit ${audit.id}`
          )}
        </a>
      ),
    },
    ...(withTarget ? [{ name: "Target", cell: targetName }] : []),
    { name: "State", cell: (audit) => <State audit={audit} /> },
    { name: "Took", numeric: true, cell: took },
    { name: "Found", numeric: true, cell: (audit) => whenDone(audit, audit.recommendations) },
    { name: "Not checked", numeric: true, cell: (audit) => whenDone(audit, audit.skipped) },
  ];
  return <Table columns={columns} items={items} keyOf={({ id }) => id} />;
}
