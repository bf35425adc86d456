// A one-line statement broken at its clauses, for reading. Only white space outside quotes and comments
// changes, so that what is shown (and copied) means the same.

interface Token {
  text: string;
  word: string; // upper case; "" for anything but a bare word
}

// Quoted text, comments and dollar quotes are one token each; so is a run of white space.
const kToken =
  /\s+|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`[^`]*`?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[\s\S]/g;

function tokens(text: string): Token[] {
  return Array.from(text.matchAll(kToken), ([token]) => ({
    text: token,
    word: /^[A-Za-z_]/.test(token) ? token.toUpperCase() : "",
  }));
}

const kClause = new Set([
  "FROM",
  "WHERE",
  "GROUP",
  "HAVING",
  "ORDER",
  "LIMIT",
  "OFFSET",
  "FETCH",
  "UNION",
  "EXCEPT",
  "INTERSECT",
  "RETURNING",
  "VALUES",
  "SET",
  "WINDOW",
  "FOR",
]);
const kJoinStart = new Set(["JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL"]);
const kJoinRest = new Set(["JOIN", "OUTER", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL"]);
// A word after which FROM, SET, FOR or ORDER opens no clause: DELETE FROM, UPDATE ... is handled by position.
const kKeepsNext = new Set(["DELETE", "DISTINCT", "WITHIN"]);

// Statements that already have lines of their own are left as they are.
export function layOut(text: string): string {
  if (text.includes("\n") || text.length < 60) return text;
  let out = "";
  let depth = 0;
  let previous = "";
  let betweenOpen = false;
  for (const { text: token, word } of tokens(text)) {
    if (/^\s/.test(token)) {
      if (out !== "" && !/\s$/.test(out)) out += " ";
      continue;
    }
    if (token === "(") depth++;
    if (token === ")") depth = Math.max(0, depth - 1);
    const top = depth === 0;
    const clause = kClause.has(word) && !kKeepsNext.has(previous);
    const join = kJoinStart.has(word) && !kJoinRest.has(previous);
    const logical = (word === "AND" && !betweenOpen) || word === "OR";
    if (top && out !== "" && (clause || join)) out = `${out.trimEnd()}\n`;
    else if (top && logical) out = `${out.trimEnd()}\n  `;
    if (word === "BETWEEN") betweenOpen = true;
    else if (word === "AND") betweenOpen = false;
    out += token;
    if (word !== "") previous = word;
    else previous = "";
  }
  return out;
}

// The start of a statement for a list: one line, white space collapsed.
export function oneLine(text: string, longest = 400): string {
  const line = text
    .slice(0, longest * 2)
    .replace(/\s+/g, " ")
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
