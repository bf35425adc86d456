// SQL on the page. The highlighter comes in a chunk of its own; until it is there the text stands plain.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { layOut } from "../sql/layout";
import { CopyButton } from "./copy";

type Highlighter = (text: string) => ComponentChildren;
let loaded: Highlighter | null = null;

function useHighlighter(): Highlighter {
  const [, setReady] = useState(loaded !== null);
  useEffect(() => {
    if (loaded !== null) return;
    let gone = false;
    import("../sql/highlight").then(
      (module) => {
        loaded = module.highlight;
        if (!gone) setReady(true);
      },
      () => undefined, // without colours the text is as good
    );
    return () => {
      gone = true;
    };
  }, []);
  return loaded ?? ((text) => text);
}

// Whether a text may be higher than its box (28rem in parts.css): some twenty lines in the narrowest column.
const scrolls = (text: string): boolean => text.length > 600 || text.split("\n").length > 18;

interface Props {
  text: string;
  // What is copied, for the button: "the statement".
  what: string;
  caption?: ComponentChildren;
  // Break a one-line statement at its clauses.
  layout?: boolean;
}

export function Sql({ text, what, caption, layout = false }: Props) {
  const highlight = useHighlighter();
  const shown = layout ? layOut(text) : text;
  const block = (
    <pre>
      <code>{highlight(shown)}</code>
    </pre>
  );
  return (
    <figure class="code">
      <figcaption class="code-bar">
        <span>{caption ?? "SQL"}</span>
        <CopyButton text={shown} what={what} />
      </figcaption>
      {scrolls(shown) ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section tabIndex={0} aria-label={what}>
          {block}
        </section>
      ) : (
        block
      )}
    </figure>
  );
}
