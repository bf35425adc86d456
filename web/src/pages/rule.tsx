// One rule's page.
import type { ComponentChildren } from "preact";
import { withQuery } from "../api/client";
import { useApi } from "../api/resource";
import type { Rule } from "../api/types";
import { Head } from "../components/head";
import { Loaded } from "../components/states";
import { SeverityTag } from "../components/tags";
import { inUnit } from "../text/format";
import { kEngineWord } from "../text/words";

// Rule texts mark code with backticks; nothing else of Markdown is in them.
function marked(text: string): ComponentChildren {
  return text.split("`").map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part));
}

export function RulePage({ id }: { id: string }) {
  const resource = useApi<Rule>(`/rules/${encodeURIComponent(id)}`);
  return (
    <Loaded of={resource} title="Rule" lines={8}>
      {(rule) => {
        const parts: [string, string | undefined][] = [
          ["When it speaks", rule.what],
          ["What it costs to leave it so", rule.why],
          ["What to do", rule.fix],
          ["When it stays silent", rule.quiet],
        ];
        return (
          <>
            <Head title={rule.title} crumbs={[{ href: "/rules", name: "Rules" }]}>
              <div class="tag-row">
                <SeverityTag severity={rule.severity} />
                <span class="mono muted">{rule.id}</span>
                <span class="muted">
                  {rule.engines.map((engine) => kEngineWord[engine] ?? engine).join(", ")}
                </span>
              </div>
            </Head>
            <div class="stack">
              <article class="card prose">
                {parts.map(([title, text]) =>
                  text ? (
                    <section key={title}>
                      <h2>{title}</h2>
                      {text.split(/\n{2,}/).map((paragraph) => (
                        <p key={paragraph}>{marked(paragraph)}</p>
                      ))}
                    </section>
                  ) : null,
                )}
                <p>
                  <a href={withQuery("/recommendations", { rule: rule.id })}>What it found on your targets</a>
                </p>
              </article>
              <Options rule={rule} />
              <References rule={rule} />
            </div>
          </>
        );
      }}
    </Loaded>
  );
}

function Options({ rule }: { rule: Rule }) {
  if (!rule.options || rule.options.length === 0) return null;
  return (
    <section class="card" aria-labelledby="options">
      <h2 id="options">Thresholds</h2>
      <dl class="thresholds">
        {rule.options.map((option) => (
          <div key={option.name}>
            <dt class="mono">{option.name}</dt>
            <dd>
              <strong class="num">{inUnit(option.default, option.unit)}</strong>{" "}
              <span class="muted">{option.meaning}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function References({ rule }: { rule: Rule }) {
  if (!rule.references || rule.references.length === 0) return null;
  return (
    <section class="card" aria-labelledby="references">
      <h2 id="references">Read on</h2>
      <ul class="bullets">
        {rule.references.map((reference) => (
          <li key={reference}>
            {/^https:\/\//.test(reference) ? (
              <a href={reference} rel="noreferrer">
                {reference}
              </a>
            ) : (
              reference
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
