// The first page: how the targets are, what to do first, what ran last.
import { useApi } from "../api/resource";
import { namesOf, useTargets } from "../api/targets";
import type { Audit, Page, Recommendation, Target } from "../api/types";
import { Head } from "../components/head";
import { RecommendationIcon, TargetIcon } from "../components/icons";
import { RecommendationList } from "../components/recommendation-row";
import { Empty, Loaded } from "../components/states";
import { AuditTag, SeverityTag, TargetTag } from "../components/tags";
import { Time } from "../components/time";
import { duration, whole } from "../text/format";
import { kEngineWord, kSeverities, plural } from "../text/words";

const kTop = 8;
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
  const top = useApi<Page<Recommendation>>(`/recommendations?status=open&sort=-impact&limit=100`, kEveryMs);
  const audits = useApi<Page<Audit>>(`/audits?limit=${kLastAudits}`, kEveryMs);
  const names = namesOf(targets);
  const down = targets.items.filter(({ state }) => state === "down");
  return (
    <div class="stack">
      {down.map((target) => (
        <div key={target.id} class="notice" data-tone="critical">
          <strong>
            <a href={`/targets/${encodeURIComponent(target.id)}`}>{target.name}</a> could not be audited.
          </strong>{" "}
          {target.last_error}
        </div>
      ))}
      <Figures targets={targets.items} page={top.data} />
      <div class="columns">
        <section class="card flush" aria-labelledby="top-title">
          <div class="card-head">
            <h2 id="top-title">What to do first</h2>
            <a href="/recommendations?sort=-impact">All recommendations</a>
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
                <RecommendationList items={page.items.slice(0, kTop)} targets={names} />
              )
            }
          </Loaded>
        </section>
        <div class="stack">
          <section class="card flush" aria-labelledby="targets-title">
            <div class="card-head">
              <h2 id="targets-title">Targets</h2>
              <a href="/targets/new">Add</a>
            </div>
            <ul class="side-list">
              {targets.items.map((target) => (
                <li key={target.id}>
                  <a href={`/targets/${encodeURIComponent(target.id)}`}>{target.name}</a>
                  <TargetTag target={target} />
                  <span class="muted small">
                    {[kEngineWord[target.engine ?? ""] ?? target.engine, target.version]
                      .filter(Boolean)
                      .join(" ") || "version not known yet"}
                  </span>
                </li>
              ))}
            </ul>
          </section>
          <section class="card flush" aria-labelledby="audits-title">
            <div class="card-head">
              <h2 id="audits-title">Last audits</h2>
              <a href="/audits">All</a>
            </div>
            <Loaded of={audits}>
              {(page) => (
                <ul class="side-list">
                  {page.items.map((audit) => (
                    <li key={audit.id}>
                      <a href={`/audits/${encodeURIComponent(audit.id)}`}>
                        {names.get(audit.target_id) ?? audit.target_id}
                      </a>
                      <AuditTag state={audit.state} />
                      <span class="muted small">
                        <Time at={audit.finished_at ?? audit.started_at ?? audit.queued_at} />
                        {audit.state === "succeeded" && ` · ${plural(audit.skipped, "part")} not checked`}
                      </span>
                    </li>
                  ))}
                  {page.items.length === 0 && <li class="muted">None yet.</li>}
                </ul>
              )}
            </Loaded>
          </section>
        </div>
      </div>
    </div>
  );
}

function Figures({ targets, page }: { targets: Target[]; page: Page<Recommendation> | undefined }) {
  const items = page?.items ?? [];
  const more = page?.next_cursor ? "+" : "";
  const saved = items.reduce((sum, { impact }) => sum + (impact?.time_saved_ms_per_hour ?? 0), 0);
  return (
    <dl class="figures">
      <div class="card">
        <dt>Could be saved</dt>
        <dd class="num">
          {page ? duration(saved) : "…"}
          <small>of statement time every hour, if the gains do not overlap</small>
        </dd>
      </div>
      {kSeverities.map((severity) => (
        <div class="card" key={severity}>
          <dt>
            <SeverityTag severity={severity} />
          </dt>
          <dd class="num">
            <a href={`/recommendations?severity=${severity}`}>
              {page ? whole(items.filter((item) => item.severity === severity).length) + more : "…"}
              <span class="hidden-visually"> open recommendations of severity {severity}</span>
            </a>
          </dd>
        </div>
      ))}
      <div class="card">
        <dt>Targets</dt>
        <dd class="num">
          <a href="/targets">{whole(targets.length)}</a>
          <small>{plural(targets.filter(({ state }) => state === "down").length, "is", "are")} down</small>
        </dd>
      </div>
    </dl>
  );
}
