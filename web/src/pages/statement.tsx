// One statement: its text, figures, course over time, plan, and what would make it faster.
import { withQuery } from "../api/client";
import { useApi } from "../api/resource";
import { targetName } from "../api/targets";
import type { HistoryPoint, Page, Recommendation, Statement } from "../api/types";
import { Choice, param } from "../components/filters";
import { Head } from "../components/head";
import { History } from "../components/history";
import { PlanTree } from "../components/plan-tree";
import { RecommendationList } from "../components/recommendation-row";
import { Sql } from "../components/sql";
import { Loaded } from "../components/states";
import { oneLine } from "../sql/layout";
import { count, duration, kNone, share } from "../text/format";

export function StatementPage({ fingerprint }: { fingerprint: string }) {
  const path = `/statements/${encodeURIComponent(fingerprint)}`;
  const wanted = param("target");
  const statement = useApi<Statement>(withQuery(path, { target: wanted }));
  return (
    <Loaded of={statement} title="Statement" lines={8}>
      {(item) => (
        <>
          <Head
            title={oneLine(item.query, 90)}
            heading="Statement"
            crumbs={[{ href: "/statements", name: "Statements" }]}
          >
            <p>
              <span class="mono">{item.fingerprint}</span> on{" "}
              <a href={`/targets/${encodeURIComponent(item.target_id)}`}>{targetName(item)}</a>
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
  const estimated = item.percentiles === "estimated" ? "estimated" : undefined;
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
              {note && value !== kNone && <small>{note}</small>}
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

const kPlanSource: Record<string, string> = {
  "as-is": "as the planner expects it; nothing was run",
  parameters: "for parameters that were seen; nothing was run",
  statistics: "for values drawn from the column statistics; nothing was run",
  generic: "the plan for any parameters; nothing was run",
  recorded: "as it was recorded",
};

function sourceOf(item: Statement): string {
  if (item.plan?.actual) return "with measured times";
  return kPlanSource[item.plan_source ?? "as-is"] ?? "";
}

function Plan({ item }: { item: Statement }) {
  return (
    <section class="card flush" aria-labelledby="plan">
      <div class="card-head">
        <h2 id="plan">Plan</h2>
        {item.plan && <span class="muted small">{sourceOf(item)}</span>}
      </div>
      {item.plan ? (
        <PlanTree root={item.plan} name="plan" />
      ) : (
        <p class="padded muted">
          {item.plan_error ? `It could not be explained: ${item.plan_error}` : "It was not explained."}
        </p>
      )}
      {item.worst_plan && (
        <>
          <h3 class="padded">For the least favourable values</h3>
          <PlanTree root={item.worst_plan} name="worst" />
        </>
      )}
    </section>
  );
}

const kDayMs = 86_400_000;
const kHourMs = 3_600_000;

function Course({ path, target }: { path: string; target: string }) {
  const days = Number(param("days")) || 7;
  // To the hour, so that drawing the page again asks for the same.
  const from = new Date(Math.floor((Date.now() - days * kDayMs) / kHourMs) * kHourMs).toISOString();
  const history = useApi<Page<HistoryPoint>>(withQuery(`${path}/history`, { target, from, limit: 500 }));
  return (
    <section class="card" aria-labelledby="history">
      <div class="title-row">
        <h2 id="history">Over time</h2>
        <Choice
          name="days"
          label="Span"
          options={[
            { value: "", text: "7 days" },
            { value: "30", text: "30 days" },
            { value: "90", text: "90 days" },
          ]}
        />
      </div>
      <Loaded of={history} lines={3}>
        {(page) => <History points={page.items} />}
      </Loaded>
    </section>
  );
}
