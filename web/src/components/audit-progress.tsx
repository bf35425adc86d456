// A running audit: a bar, the step it is at, and its end, told to screen readers as it changes.
import { isOver, useAudit } from "../api/audits";
import { send } from "../api/client";
import type { Audit } from "../api/types";
import { plural } from "../text/words";
import { AuditTag } from "./tags";

const kOver: Record<string, string> = {
  succeeded: "The audit is done.",
  failed: "The audit failed.",
  cancelled: "The audit was cancelled.",
};

export function AuditProgress({ id }: { id: string }) {
  const { data: audit, reload } = useAudit(id);
  if (!audit) return null;
  const percent = Math.round(Math.max(0, Math.min(1, audit.progress)) * 100);
  const going = !isOver(audit);
  // Whatever it answers, the audit's own state is what counts.
  const cancel = () => send("POST", `/audits/${encodeURIComponent(id)}/cancel`).then(reload, reload);
  return (
    <section class="card stack" aria-label="Audit under way">
      <div class="actions">
        <AuditTag state={audit.state} />
        <span role="status">
          {going
            ? `${audit.step || (audit.state === "queued" ? "waiting for its turn" : "working")}, ${percent} %`
            : kOver[audit.state]}
        </span>
        {going && (
          <button type="button" class="quiet push" onClick={cancel}>
            Cancel
          </button>
        )}
      </div>
      {going && (
        <div
          class="progress"
          role="progressbar"
          aria-label="Audit"
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <i style={{ width: `${percent}%` }} />
        </div>
      )}
      {!going && <Outcome audit={audit} />}
    </section>
  );
}

function Outcome({ audit }: { audit: Audit }) {
  const target = encodeURIComponent(audit.target_id);
  if (audit.state !== "succeeded") {
    return (
      <div class="notice" data-tone="critical">
        <strong>{audit.error || "No reason was given."}</strong>
        {audit.hint && <p>{audit.hint}</p>}
      </div>
    );
  }
  return (
    <div class="actions">
      <a class="button primary" href={`/recommendations?target=${target}`}>
        See {plural(audit.recommendations, "recommendation")}
      </a>
      <a class="button" href={`/audits/${encodeURIComponent(audit.id)}`}>
        What was looked at
      </a>
    </div>
  );
}
