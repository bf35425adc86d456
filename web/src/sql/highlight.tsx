// SQL as highlighted nodes. highlight.js's own output is an HTML string, which a page under Trusted Types may
// not insert; its token tree is walked instead, so every text stays text.
import hljs from "highlight.js/lib/core";
import sql from "highlight.js/lib/languages/sql";
import type { ComponentChildren } from "preact";

// The grammar knows the standard's words; these are what PostgreSQL's statements have beside them.
const kMoreKeywords = [
  "limit",
  "offset",
  "index",
  "concurrently",
  "extension",
  "role",
  "database",
  "returning",
  "conflict",
  "analyze",
  "vacuum",
  "if",
  "include",
];

hljs.registerLanguage("sql", (api) => {
  const grammar = sql(api);
  const words = grammar.keywords as { keyword: string[] };
  words.keyword = [...words.keyword, ...kMoreKeywords];
  grammar.contains.unshift({ scope: "variable", match: /\$\d+/ });
  return grammar;
});

interface TokenNode {
  scope?: string;
  children: (TokenNode | string)[];
}

// Above this size the grammar costs more than colours are worth.
const kLongest = 50_000;

function nodes(children: TokenNode["children"]): ComponentChildren[] {
  return children.map((child, i) =>
    typeof child === "string" ? (
      child
    ) : (
      <span key={i} class={`hl-${(child.scope ?? "text").split(".")[0]}`}>
        {nodes(child.children)}
      </span>
    ),
  );
}

export function highlight(text: string): ComponentChildren {
  if (text.length > kLongest) return text;
  const result = hljs.highlight(text, { language: "sql", ignoreIllegals: true });
  const root = (result._emitter as unknown as { rootNode: TokenNode }).rootNode;
  return nodes(root.children);
}
