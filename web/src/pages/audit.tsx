// One audit: what it looked at, what it could not look at and why, and its report to take away.
import { isOver, useAudit } from "../api/audits";
import { useApi } from "../api/resource";
import { targetName } from "../api/targets";
import type { Audit, Report } from "../api/types";
import { AuditProgress } from "../components/audit-progress";
import { Downloads } from "../components/downloads";
import { Head } from "../components/head";
import { RecommendationList } from "../components/recommendation-row";
import { SkippedList } from "../components/skipped";
import { Loaded } from "../components/states";
import { AuditTag } from "../components/tags";
import { Time } from "../components/time";
import { count, duration, share, whole } from "../text/format";
import { kEngineWord, kWindowWord } from "../text/words";

export function AuditPage({ id }: { id: string }) {
  const audit = useAudit(id);
  return (
    <Loaded of={audit} title="Audit" lines={6}>
      {(item) => {
        const name = targetName(item);
        return (
          <>
            <Head title={`Audit of ${name}`} crumbs={[{ href: "/audits", name: "Audits" }]}>
              <div class="tag-row">
                <AuditTag state={item.state} />
                <span class="muted">
                  <Time at={item.finished_at ?? item.started_at} show="exact" />
                </span>
                <a href={`/targets/${encodeURIComponent(item.target_id)}`}>{name}</a>
              </div>
            </Head>
            {!isOver(item) ? (
              <AuditProgress id={id} />
            ) : item.state === "succeeded" ? (
              <Finished audit={item} />
            ) : (
              <div class="notice" data-tone="critical">
                <strong>{item.error || "It did not finish, and gave no reason."}</strong>
                {item.hint && <p>{item.hint}</p>}
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Finished({ audit }: { audit: Audit }) {
  const report = useApi<Report>(`/audits/${encodeURIComponent(audit.id)}/report?format=json`);
  return (
    <Loaded of={report} lines={8}>
      {(item) => (
        <div class="stack">
          <Scope report={item} />
          <section class="card flush" aria-labelledby="skipped">
            <div class="card-head">
              <h2 id="skipped">What could not be checked, and why</h2>
              <span class="muted small num">{whole(audit.skipped)}</span>
            </div>
            <SkippedList items={item.skipped} target={audit.target_id} />
          </section>
          <section class="card flush" aria-labelledby="found">
            <div class="card-head">
              <h2 id="found">What it found</h2>
              <span class="muted small">as it was then</span>
            </div>
            {item.recommendations.length > 0 ? (
              <RecommendationList items={item.recommendations} />
            ) : (
              <p class="padded muted">Nothing.</p>
            )}
          </section>
          <Downloads audit={audit.id} />
        </div>
      )}
    </Loaded>
  );
}

function Scope({ report }: { report: Report }) {
  const { load, window, target } = report;
  return (
    <section class="card" aria-label="Scope">
      <dl class="facts">
        <div>
          <dt>Server</dt>
          <dd>
            {kEngineWord[target.engine] ?? target.engine}
            <small>
              {[target.version, target.database && `database ${target.database}`].filter(Boolean).join(", ")}
            </small>
          </dd>
        </div>
        {window?.from && window.to && (
          <div>
            <dt>Window</dt>
            <dd>
              {duration(Date.parse(window.to) - Date.parse(window.from))}
              <small>{kWindowWord[window.kind] ?? window.kind}</small>
            </dd>
          </div>
        )}
        {load && (
          <>
            <div>
              <dt>Statement time</dt>
              <dd>
                {duration(load.total_time_ms)}
                <small>in {count(load.calls)} calls</small>
              </dd>
            </div>
            <div>
              <dt>Statements with a plan</dt>
              <dd>
                {whole(load.statements_analysed)} of {whole(load.statements)}
                {load.planned_share != null && <small>{share(load.planned_share)} of the load</small>}
              </dd>
            </div>
          </>
        )}
      </dl>
    </section>
  );
}
