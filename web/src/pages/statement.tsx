// One statement: its text, figures, course over time, plan, and what would make it faster.
import { withQuery } from "../api/client";
import { useApi } from "../api/resource";
import { namesOf, useTargets } from "../api/targets";
import type { HistoryPoint, Page, Recommendation, Statement } from "../api/types";
import { param } from "../components/filters";
import { Head } from "../components/head";
import { History } from "../components/history";
import { PlanTree } from "../components/plan-tree";
import { RecommendationList } from "../components/recommendation-row";
import { Sql } from "../components/sql";
import { Loaded } from "../components/states";
import { oneLine } from "../sql/layout";
import { count, duration, share } from "../text/format";

export function StatementPage({ fingerprint }: { fingerprint: string }) {
  const path = `/statements/${encodeURIComponent(fingerprint)}`;
  const wanted = param("target");
  const statement = useApi<Statement>(withQuery(path, { target: wanted }));
  const targets = useTargets();
  return (
    <Loaded of={statement} lines={8}>
      {(item) => (
        <>
          <Head
            title={oneLine(item.query, 90)}
            heading="Statement"
            crumbs={[{ href: "/statements", name: "Statements" }]}
          >
            <p>
              <span class="mono">{item.fingerprint}</span> on{" "}
              <a href={`/targets/${encodeURIComponent(item.target_id)}`}>
                {namesOf(targets.data).get(item.target_id) ?? item.target_id}
              </a>
            </p>
          </Head>
          <div class="stack">
            <Sql text={item.query} what="the statement" caption="Normalised text" layout />
            <Figures item={item} />
            <Advice item={item} />
            <Plan item={item} />
            <Course path={path} target={item.target_id} />
          </div>
        </>
      )}
    </Loaded>
  );
}

function Figures({ item }: { item: Statement }) {
  const estimated = item.percentiles === "estimated" ? "estimated from mean and deviation" : undefined;
  const figures: [name: string, value: string, note?: string | undefined][] = [
    ["Share of load", share(item.load_share)],
    ["Total time", duration(item.total_time_ms)],
    ["Calls", count(item.calls)],
    ["Mean", duration(item.mean_ms)],
    ["95th percentile", duration(item.p95_ms), estimated],
    ["99th percentile", duration(item.p99_ms), estimated],
    ["Deviation", duration(item.stddev_ms)],
    ["Rows a call", item.rows === null || item.calls === 0 ? "—" : count(item.rows / item.calls)],
  ];
  return (
    <section class="card" aria-label="Figures">
      <dl class="facts">
        {figures.map(([name, value, note]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value}
              {note && <small>{note}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

// The API has no filter by statement: the target's recommendations are few, and each names its statements.
function Advice({ item }: { item: Statement }) {
  const list = useApi<Page<Recommendation>>(
    withQuery("/recommendations", { target: item.target_id, limit: 500 }),
  );
  const touching = list.data?.items.filter(({ statements }) =>
    statements.some(({ fingerprint }) => fingerprint === item.fingerprint),
  );
  if (!touching) return null;
  return (
    <section class="card flush" aria-labelledby="advice">
      <div class="card-head">
        <h2 id="advice">What would make it faster</h2>
      </div>
      {touching.length > 0 ? (
        <RecommendationList items={touching} />
      ) : (
        <p class="padded muted">No recommendation touches this statement.</p>
      )}
    </section>
  );
}

function Plan({ item }: { item: Statement }) {
  return (
    <section class="card flush" aria-labelledby="plan">
      <div class="card-head">
        <h2 id="plan">Plan</h2>
        {item.plan && (
          <span class="muted small">
            {item.plan.actual ? "with measured times" : "as the planner expects it; nothing was run"}
          </span>
        )}
      </div>
      {item.plan ? (
        <PlanTree root={item.plan} />
      ) : (
        <p class="padded muted">
          {item.plan_error ? `It could not be explained: ${item.plan_error}` : "It was not explained."}
        </p>
      )}
    </section>
  );
}

function Course({ path, target }: { path: string; target: string }) {
  const history = useApi<Page<HistoryPoint>>(withQuery(`${path}/history`, { target }));
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">Over time</h2>
      <Loaded of={history} lines={3}>
        {(page) => <History points={page.items} />}
      </Loaded>
    </section>
  );
}
