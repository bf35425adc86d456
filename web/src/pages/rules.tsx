// The catalogue: every problem that planwise knows.
import { useEffect } from "preact/hooks";
import { useApi } from "../api/resource";
import type { Page, Rule } from "../api/types";
import { param, SearchBox } from "../components/filters";
import { Head } from "../components/head";
import { RuleIcon } from "../components/icons";
import { Empty, Loaded } from "../components/states";
import { SeverityTag } from "../components/tags";
import { returnFocus } from "../router";
import { kEngineWord } from "../text/words";

export function Rules() {
  const rules = useApi<Page<Rule>>("/rules?limit=500");
  const wanted = param("q").toLowerCase();
  useEffect(() => {
    if (rules.data) returnFocus();
  }, [rules.data]);
  return (
    <>
      <Head title="Rules">
        <p>Every problem that planwise knows: when it speaks, and when it stays silent on purpose.</p>
      </Head>
      <div class="toolbar">
        <SearchBox label="Search" placeholder="part of an id or title" />
      </div>
      <section class="card flush" aria-label="Rules">
        <Loaded of={rules} lines={8}>
          {(page) => {
            const items = page.items.filter(({ id, title }) =>
              `${id} ${title}`.toLowerCase().includes(wanted),
            );
            if (items.length === 0) {
              return (
                <Empty icon={<RuleIcon />} title="No such rule">
                  <a class="button" href="/rules">
                    Show all
                  </a>
                </Empty>
              );
            }
            return (
              <ul>
                {items.map((rule) => (
                  <li key={rule.id} class="rule-row">
                    <SeverityTag severity={rule.severity} />
                    <div>
                      <a class="row-title" data-row href={`/rules/${encodeURIComponent(rule.id)}`}>
                        {rule.title}
                      </a>
                      <div class="small muted">
                        <span class="mono">{rule.id}</span> ·{" "}
                        {rule.engines.map((engine) => kEngineWord[engine] ?? engine).join(", ")}
                      </div>
                    </div>
                  </li>
                ))}
              </ul>
            );
          }}
        </Loaded>
      </section>
    </>
  );
}
