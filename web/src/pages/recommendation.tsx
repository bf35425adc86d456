// One recommendation: what to do, why, the numbers behind it, what it costs, and the decision.
import { useApi } from "../api/resource";
import { targetName } from "../api/targets";
import type { Evidence, Recommendation } from "../api/types";
import { AffectedStatements } from "../components/affected";
import { Decision } from "../components/decision";
import { Head } from "../components/head";
import { ImpactCard } from "../components/impact";
import { Sql } from "../components/sql";
import { Loaded } from "../components/states";
import { ConfidenceTag, SeverityTag, StatusTag } from "../components/tags";
import { Time } from "../components/time";
import { inUnit } from "../text/format";
import { kHorizonWord } from "../text/words";

const script = (statements: readonly string[]): string =>
  statements.map((sql) => (/;\s*$/.test(sql) ? sql : `${sql};`)).join("\n");

export function RecommendationPage({ id }: { id: string }) {
  const resource = useApi<Recommendation>(`/recommendations/${encodeURIComponent(id)}`);
  return (
    <Loaded of={resource} title="Recommendation" lines={8}>
      {(item) => (
        <>
          <Head title={item.title} crumbs={[{ href: "/recommendations", name: "Recommendations" }]}>
            <div class="tag-row">
              <SeverityTag severity={item.severity} />
              <StatusTag status={item.status} />
              <ConfidenceTag confidence={item.confidence} />
              {item.current === false && <span class="tag">not found any more</span>}
              <span class="tag">{kHorizonWord[item.horizon]}</span>
            </div>
          </Head>
          <div class="columns">
            <div class="stack">
              <Why item={item} />
              <Change item={item} />
              <AffectedStatements item={item} />
            </div>
            <div class="stack">
              <ImpactCard impact={item.impact} />
              <Decision item={item} changed={resource.set} />
              <About item={item} />
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
}

// What the advisor tried and did not choose comes among the evidence, under this metric.
const kAlternative = "alternative";

function Why({ item }: { item: Recommendation }) {
  const measured = item.evidence.filter(({ metric }) => metric !== kAlternative);
  const tried = item.evidence.filter(({ metric }) => metric === kAlternative);
  return (
    <section class="card prose" aria-labelledby="why">
      <h2 id="why">Why</h2>
      <p class="lead">{item.why}</p>
      {measured.length > 0 && (
        <>
          <h3>Measured on the target</h3>
          <ul class="evidence">
            {measured.map((evidence) => (
              <EvidenceLine key={evidence.metric + evidence.text} evidence={evidence} />
            ))}
          </ul>
        </>
      )}
      {tried.length > 0 && (
        <details>
          <summary class="small">What was tried instead</summary>
          <ul class="bullets small">
            {tried.map(({ text }) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function EvidenceLine({ evidence }: { evidence: Evidence }) {
  return (
    <li>
      {evidence.text}
      <span class="mono muted evidence-metric">
        {evidence.metric} = {inUnit(evidence.value, evidence.unit)}
      </span>
    </li>
  );
}

const kKindTitle = {
  sql: "The change",
  configuration: "The setting",
  application: "In the application",
  investigate: "What to look at",
};

function Change({ item }: { item: Recommendation }) {
  const { action } = item;
  return (
    <section class="card prose" aria-labelledby="change">
      <h2 id="change">{kKindTitle[action.kind] ?? "The change"}</h2>
      {action.text && <p>{action.text}</p>}
      {action.sql.length > 0 && (
        <Sql
          text={script(action.sql)}
          what="the statements to run"
          caption="Run this, outside a transaction"
        />
      )}
      {action.rollback.length > 0 && <Sql text={script(action.rollback)} what="the undo" caption="Undo" />}
      {action.sql.length > 0 && action.rollback.length === 0 && (
        <p class="small muted">There is nothing to undo, or it cannot be undone by a statement.</p>
      )}
      {action.risk && (
        <div class="notice" data-tone="warning">
          <strong>Risk and locks.</strong> {action.risk}
        </div>
      )}
    </section>
  );
}

function About({ item }: { item: Recommendation }) {
  const rules = [item.rule, ...(item.also ?? [])];
  return (
    <section class="card" aria-labelledby="about">
      <h2 id="about">About</h2>
      <dl class="pairs">
        <dt>Target</dt>
        <dd>
          <a href={`/targets/${encodeURIComponent(item.target_id)}`}>{targetName(item)}</a>
        </dd>
        <dt>{rules.length > 1 ? "Rules" : "Rule"}</dt>
        <dd>
          {rules.map((rule) => (
            <div key={rule}>
              <a href={`/rules/${encodeURIComponent(rule)}`}>{rule}</a>
            </div>
          ))}
        </dd>
        <dt>First seen</dt>
        <dd>
          <Time at={item.first_seen_at} />
        </dd>
        <dt>Last seen</dt>
        <dd>
          <Time at={item.last_seen_at} />
        </dd>
        {item.objects.map((object) => [
          <dt key={object.name}>{object.kind}</dt>,
          <dd key={`${object.name}-name`} class="mono">
            {object.kind === "statement" ? (
              <a
                href={`/statements/${encodeURIComponent(object.name)}?target=${encodeURIComponent(item.target_id)}`}
              >
                {object.name}
              </a>
            ) : (
              object.name
            )}
          </dd>,
        ])}
      </dl>
    </section>
  );
}
