// One target: how it is, what to do there, its audits; audit it now, or forget it.
import { useState } from "preact/hooks";
import { ApiError, send, withQuery } from "../api/client";
import { forget, useApi } from "../api/resource";
import type { Audit, Page, Recommendation, Target } from "../api/types";
import { AuditProgress } from "../components/audit-progress";
import { AuditTable } from "../components/audit-table";
import { param } from "../components/filters";
import { Head } from "../components/head";
import { RecommendationList } from "../components/recommendation-row";
import { Loaded } from "../components/states";
import { TargetTag } from "../components/tags";
import { Time } from "../components/time";
import { go, hrefWith } from "../router";
import { Dialog } from "../shell/dialog";
import { share } from "../text/format";
import { engineOf } from "./targets";

const kTop = 5;
const kNextRuns = 5;

export function TargetPage({ id }: { id: string }) {
  const path = `/targets/${encodeURIComponent(id)}`;
  const audit = param("audit");
  // Asked for again after each audit, so that state and times are those of now.
  const resource = useApi<Target>(path, 15_000);
  const [failure, setFailure] = useState("");
  const [removing, setRemoving] = useState(false);

  const start = async () => {
    setFailure("");
    try {
      const started = await send<Audit>("POST", `${path}/audits`);
      go(hrefWith({ audit: started.id }), "replace");
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : String(error));
    }
  };

  return (
    <Loaded of={resource} title="Target" lines={6}>
      {(target) => (
        <>
          <Head
            title={target.name}
            crumbs={[{ href: "/targets", name: "Targets" }]}
            actions={
              <button type="button" class="primary" onClick={start}>
                Audit now
              </button>
            }
          >
            <div class="tag-row">
              <TargetTag target={target} />
              <span class="mono muted">{target.dsn}</span>
            </div>
          </Head>
          <div class="stack">
            {failure !== "" && (
              <div class="notice" data-tone="critical" role="alert">
                {failure}
              </div>
            )}
            {audit !== "" && <AuditProgress key={audit} id={audit} />}
            {target.state === "down" && audit === "" && (
              <div class="notice" data-tone="critical">
                <strong>The last audit failed.</strong> {target.last_error}
              </div>
            )}
            <div class="columns">
              <div class="stack">
                <TopRecommendations key={audit} target={target} />
                <Audits key={`audits-${audit}`} target={target} />
              </div>
              <About target={target} remove={() => setRemoving(true)} />
            </div>
          </div>
          {removing && <Remove target={target} close={() => setRemoving(false)} />}
        </>
      )}
    </Loaded>
  );
}

function TopRecommendations({ target }: { target: Target }) {
  const list = useApi<Page<Recommendation>>(
    withQuery("/recommendations", { target: target.id, limit: kTop }),
    10_000,
  );
  return (
    <section class="card flush" aria-labelledby="top-title">
      <div class="card-head">
        <h2 id="top-title">What to do first</h2>
        <a href={withQuery("/recommendations", { target: target.id })}>All of this target</a>
      </div>
      <Loaded of={list}>
        {(page) =>
          page.items.length > 0 ? (
            <RecommendationList items={page.items} />
          ) : (
            <p class="padded muted">
              {target.last_success_at ? "Nothing was found." : "No audit has succeeded yet."}
            </p>
          )
        }
      </Loaded>
    </section>
  );
}

function Audits({ target }: { target: Target }) {
  const list = useApi<Page<Audit>>(`/targets/${encodeURIComponent(target.id)}/audits?limit=10`, 10_000);
  return (
    <section class="card flush" aria-labelledby="audits-title">
      <div class="card-head">
        <h2 id="audits-title">Audits</h2>
        <a href={withQuery("/audits", { target: target.id })}>All</a>
      </div>
      <Loaded of={list}>
        {(page) =>
          page.items.length > 0 ? (
            <AuditTable items={page.items} />
          ) : (
            <p class="padded muted">None has run yet.</p>
          )
        }
      </Loaded>
    </section>
  );
}

function About({ target, remove }: { target: Target; remove: () => void }) {
  const labels = Object.entries(target.labels ?? {});
  const budget = target.budget ?? {};
  const runs = (target.next_runs ?? []).slice(0, kNextRuns);
  return (
    <section class="card stack" aria-labelledby="about">
      <h2 id="about">About</h2>
      <dl class="pairs">
        <dt>Engine</dt>
        <dd>{engineOf(target)}</dd>
        <dt>Last success</dt>
        <dd>
          <Time at={target.last_success_at} />
        </dd>
        <dt>Schedule</dt>
        <dd class={target.schedule ? "mono" : undefined}>{target.schedule || "only when asked"}</dd>
        {labels.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}-value`}>{value}</dd>])}
        {budget.query_p95_ms != null && [
          <dt key="p95">p95 at most</dt>,
          <dd key="p95v">{budget.query_p95_ms} ms</dd>,
        ]}
        {budget.cache_hit_ratio != null && [
          <dt key="hit">Cache hits at least</dt>,
          <dd key="hitv">{share(budget.cache_hit_ratio)}</dd>,
        ]}
        {budget.connection_usage != null && [
          <dt key="con">Connections at most</dt>,
          <dd key="conv">{share(budget.connection_usage)}</dd>,
        ]}
      </dl>
      {runs.length > 0 && (
        <div>
          <h3>Next audits</h3>
          <ol class="small runs">
            {runs.map((at) => (
              <li key={at}>
                <Time at={at} show="exact" />
              </li>
            ))}
          </ol>
        </div>
      )}
      {target.origin === "config" ? (
        <p class="small muted">It stands in the configuration file and is changed there.</p>
      ) : (
        <div>
          <button type="button" class="danger" onClick={remove}>
            Remove target…
          </button>
        </div>
      )}
    </section>
  );
}

function Remove({ target, close }: { target: Target; close: () => void }) {
  const [failure, setFailure] = useState("");
  const remove = async () => {
    try {
      await send("DELETE", `/targets/${encodeURIComponent(target.id)}`);
      forget("/");
      go("/targets");
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : String(error));
    }
  };
  return (
    <Dialog title={`Remove ${target.name}?`} close={close}>
      <p>Its audits, recommendations and history go with it. The database itself is not touched.</p>
      <p role="alert" class="field-error">
        {failure}
      </p>
      <form method="dialog" class="actions">
        <button type="button" class="danger" onClick={remove}>
          Remove it
        </button>
        <button type="submit">Keep it</button>
      </form>
    </Dialog>
  );
}
