// The databases that planwise looks after.
import { useEffect } from "preact/hooks";
import { useTargets } from "../api/targets";
import type { Target } from "../api/types";
import { Head } from "../components/head";
import { TargetIcon } from "../components/icons";
import { Empty, Loaded } from "../components/states";
import { TargetTag } from "../components/tags";
import { Time } from "../components/time";
import { returnFocus } from "../router";
import { kEngineWord } from "../text/words";

export const engineOf = (target: Target): string =>
  [kEngineWord[target.engine ?? ""] ?? target.engine, target.version].filter(Boolean).join(" ") ||
  "not known yet";

export function Targets() {
  const targets = useTargets();
  useEffect(() => {
    if (targets.data) returnFocus();
  }, [targets.data]);
  return (
    <>
      <Head
        title="Targets"
        actions={
          <a class="button primary" href="/targets/new">
            Add a target
          </a>
        }
      >
        <p>The databases that planwise looks after. It reads; it never changes them.</p>
      </Head>
      <section class="card flush" aria-label="Targets">
        <Loaded of={targets}>
          {(page) =>
            page.items.length === 0 ? (
              <Empty icon={<TargetIcon />} title="No target yet">
                <p>Add the first one here, or as a [[target]] in planwise.toml.</p>
                <a class="button primary" href="/targets/new">
                  Add a target
                </a>
              </Empty>
            ) : (
              <ul>
                {page.items.map((target) => (
                  <Row key={target.id} target={target} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </>
  );
}

function Row({ target }: { target: Target }) {
  const next = target.next_runs?.[0];
  return (
    <li class="target-row">
      <div>
        <a class="row-title" data-row href={`/targets/${encodeURIComponent(target.id)}`}>
          {target.name}
        </a>{" "}
        <TargetTag target={target} />
        <div class="mono muted">{target.dsn}</div>
        {target.state === "down" && target.last_error && (
          <div class="field-error small">{target.last_error}</div>
        )}
      </div>
      <dl class="inline-facts small">
        <div>
          <dt>Engine</dt>
          <dd>{engineOf(target)}</dd>
        </div>
        <div>
          <dt>Last audit that succeeded</dt>
          <dd>
            <Time at={target.last_success_at} />
          </dd>
        </div>
        <div>
          <dt>Next audit</dt>
          <dd>
            {next ? (
              <Time at={next} />
            ) : target.schedule ? (
              <span class="mono">{target.schedule}</span>
            ) : (
              "on demand"
            )}
          </dd>
        </div>
      </dl>
    </li>
  );
}
