// A one-line statement broken at its clauses, for reading. Only white space outside quotes and comments
// changes, so that what is shown (and copied) means the same.

interface Token {
  text: string;
  word: string; // upper case; "" for anything but a bare word
}

// Quoted text, comments and dollar quotes are one token each; so is a run of white space.
const kToken =
  /\s+|[eE]'(?:\\[\s\S]|''|[^'\\])*'?|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`[^`]*`?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[\s\S]/g;

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
  const parts: string[] = [];
  let gap = ""; // the white space before the next token
  let depth = 0;
  let previous = "";
  let betweenOpen = false;
  for (const { text: token, word } of tokens(text)) {
    if (/^\s/.test(token)) {
      gap = parts.length > 0 ? " " : "";
      continue;
    }
    if (token === "(") depth++;
    if (token === ")") depth = Math.max(0, depth - 1);
    if (depth === 0 && parts.length > 0) {
      const clause = kClause.has(word) && !kKeepsNext.has(previous);
      const join = kJoinStart.has(word) && !kJoinRest.has(previous);
      if (clause || join) gap = "\n";
      else if ((word === "AND" && !betweenOpen) || word === "OR") gap = "\n  ";
    }
    if (word === "BETWEEN") betweenOpen = true;
    else if (word === "AND") betweenOpen = false;
    parts.push(gap, token);
    gap = "";
    previous = word;
  }
  return parts.join("");
}

// The start of a statement for a list: one line, white space collapsed.
export function oneLine(text: string, longest = 400): string {
  const line = text
    .slice(0, longest * 2)
    .replace(/\s+/g, " ")
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
