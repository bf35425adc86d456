// The first page: how the targets are, what to do first, what ran last.
import { withQuery } from "../api/client";
import { useApi } from "../api/resource";
import { targetName, useTargets } from "../api/targets";
import type { Audit, Page, Recommendation, Severity, Target } from "../api/types";
import { Head } from "../components/head";
import { RecommendationIcon, TargetIcon } from "../components/icons";
import { RecommendationList } from "../components/recommendation-row";
import { Empty, Loaded } from "../components/states";
import { AuditTag, SeverityTag } from "../components/tags";
import { TargetLoad } from "../components/target-load";
import { Time } from "../components/time";
import { duration, whole } from "../text/format";
import { kSeverities, plural } from "../text/words";

const kTop = 8;
const kTargets = 8;
// Of each severity; beyond it the number is "50+".
const kCounted = 50;
const kLastAudits = 6;
const kEveryMs = 30_000;

export function Overview() {
  const targets = useTargets();
  return (
    <>
      <Head title="Overview" />
      <Loaded of={targets}>
        {(page) => (page.items.length === 0 ? <Welcome /> : <Dashboard targets={page} />)}
      </Loaded>
    </>
  );
}

function Welcome() {
  return (
    <div class="card">
      <Empty icon={<TargetIcon />} title="No database yet">
        <p>
          Tell planwise where your PostgreSQL is. It looks at what runs there, asks the planner what would
          make it faster, and lists the changes by what each gives back. It changes nothing by itself.
        </p>
        <a class="button primary" href="/targets/new">
          Add a target
        </a>
      </Empty>
    </div>
  );
}

function Dashboard({ targets }: { targets: Page<Target> }) {
  const top = useApi<Page<Recommendation>>(
    `/recommendations?status=open&sort=-impact&limit=${kCounted}`,
    kEveryMs,
  );
  const audits = useApi<Page<Audit>>(`/audits?limit=${kLastAudits}`, kEveryMs);
  return (
    <div class="stack">
      {targets.items
        .filter(({ state }) => state === "down")
        .map((target) => (
          <div key={target.id} class="notice" data-tone="critical">
            <strong>
              <a href={`/targets/${encodeURIComponent(target.id)}`}>{target.name}</a> could not be audited.
            </strong>{" "}
            {target.last_error}
          </div>
        ))}
      <Figures targets={targets.items} best={top.data} />
      <div class="columns">
        <section class="card flush" aria-labelledby="top-title">
          <div class="card-head">
            <h2 id="top-title">What to do first</h2>
            <a href="/recommendations">All recommendations</a>
          </div>
          <Loaded of={top}>
            {(page) =>
              page.items.length === 0 ? (
                <Empty icon={<RecommendationIcon />} title="Nothing to do right now">
                  <p>
                    Either all is well or no audit has run yet. What could not be looked at stands on each{" "}
                    <a href="/audits">audit’s page</a>.
                  </p>
                </Empty>
              ) : (
                <RecommendationList items={page.items.slice(0, kTop)} withTarget />
              )
            }
          </Loaded>
        </section>
        <div class="stack">
          <section class="card flush" aria-labelledby="targets-title">
            <div class="card-head">
              <h2 id="targets-title">Where the time goes</h2>
              <a href="/targets">Targets</a>
            </div>
            <ul class="side-list">
              {targets.items.slice(0, kTargets).map((target) => (
                <TargetLoad key={target.id} target={target} />
              ))}
            </ul>
            {targets.items.length > kTargets && (
              <p class="padded small">
                <a href="/targets">All {whole(targets.items.length)} targets</a>
              </p>
            )}
          </section>
          <section class="card flush" aria-labelledby="audits-title">
            <div class="card-head">
              <h2 id="audits-title">Last audits</h2>
              <a href="/audits">All audits</a>
            </div>
            <Loaded of={audits}>{(page) => <LastAudits items={page.items} />}</Loaded>
          </section>
        </div>
      </div>
    </div>
  );
}

function LastAudits({ items }: { items: readonly Audit[] }) {
  if (items.length === 0) return <p class="padded muted">None has run yet.</p>;
  return (
    <ul class="side-list">
      {items.map((audit) => (
        <li key={audit.id}>
          <a href={`/audits/${encodeURIComponent(audit.id)}`}>{targetName(audit)}</a>
          <AuditTag state={audit.state} />
          <span class="muted small">
            <Time at={audit.finished_at ?? audit.started_at ?? audit.queued_at} />
            {audit.state === "succeeded" && ` · ${plural(audit.skipped, "part")} not checked`}
          </span>
        </li>
      ))}
    </ul>
  );
}

// How many open ones of a severity there are; "50+" where a page does not hold them all.
function SeverityCount({ severity }: { severity: Severity }) {
  const list = useApi<Page<Recommendation>>(
    withQuery("/recommendations", { status: "open", severity, limit: kCounted }),
    kEveryMs,
  );
  return (
    <div class="card">
      <dt>
        <SeverityTag severity={severity} />
      </dt>
      <dd class="num">
        <a href={withQuery("/recommendations", { status: "open", severity })}>
          {list.data ? whole(list.data.items.length) + (list.data.next_cursor ? "+" : "") : "…"}
          <span class="hidden-visually"> open recommendations of severity {severity}</span>
        </a>
      </dd>
    </div>
  );
}

function Figures({ targets, best }: { targets: Target[]; best: Page<Recommendation> | undefined }) {
  const saved = best?.items.reduce((sum, { impact }) => sum + (impact?.time_saved_ms_per_hour ?? 0), 0);
  const down = targets.filter(({ state }) => state === "down").length;
  return (
    <dl class="figures">
      <div class="card">
        <dt>Could be saved</dt>
        <dd class="num">
          {saved === undefined ? "…" : duration(saved)}
          <small>of statement time every hour, where gains do not overlap</small>
        </dd>
      </div>
      {kSeverities.map((severity) => (
        <SeverityCount key={severity} severity={severity} />
      ))}
      <div class="card">
        <dt>Targets</dt>
        <dd class="num">
          <a href="/targets">{whole(targets.length)}</a>
          <small>{down === 0 ? "none is down" : `${plural(down, "is", "are")} down`}</small>
        </dd>
      </div>
    </dl>
  );
}
