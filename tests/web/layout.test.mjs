import assert from "node:assert/strict";
import { after, test } from "node:test";
import { load, unload } from "./modules.mjs";

const { layOut, oneLine } = await load("sql/layout.ts");
after(unload);

const squeezed = (text) => text.replace(/\s+/g, " ");

const kStatements = [
  "SELECT o.id, o.status FROM public.orders o LEFT OUTER JOIN customers c ON c.id = o.customer_id WHERE o.total BETWEEN $1 AND $2 AND (o.a = $3 OR o.b = $4) GROUP BY o.id HAVING count(*) > $5 ORDER BY o.id DESC LIMIT $6 OFFSET $7",
  "UPDATE public.carts SET touched_at = now() WHERE session_token = $1 AND id IN (SELECT id FROM x WHERE y) RETURNING id",
  "DELETE FROM sessions WHERE id = ANY ($1) AND expires_at < now() - interval '1 day' OR token IS NULL",
  "INSERT INTO events (kind, payload) VALUES ($1, $2), ($3, $4) ON CONFLICT (kind) DO UPDATE SET payload = excluded.payload",
];

test("only white space changes", () => {
  for (const statement of kStatements) assert.equal(squeezed(layOut(statement)), statement);
});

test("clauses and joins start a line, conditions are indented under theirs", () => {
  assert.deepEqual(layOut(kStatements[0]).split("\n"), [
    "SELECT o.id, o.status",
    "FROM public.orders o",
    "LEFT OUTER JOIN customers c ON c.id = o.customer_id",
    "WHERE o.total BETWEEN $1 AND $2",
    "  AND (o.a = $3 OR o.b = $4)",
    "GROUP BY o.id",
    "HAVING count(*) > $5",
    "ORDER BY o.id DESC",
    "LIMIT $6",
    "OFFSET $7",
  ]);
});

test("DELETE FROM stays together", () => {
  assert.match(layOut(kStatements[2]), /^DELETE FROM sessions\nWHERE /);
});

test("quoted text, comments and names keep their spaces and words", () => {
  const quoted = [
    "'a  from  b'",
    "'it''s  where'",
    String.raw`E'it\'s  from  there'`,
    '"order  by"',
    "$$ select  from  x $$",
    "$q$ limit  $$ 1 $q$",
    "/* union  all */",
  ];
  for (const text of quoted) {
    const statement = `SELECT ${text} AS x, some_column, another_column, a_third_column FROM t WHERE a = ${text}`;
    assert.equal(layOut(statement).split(text).length, 3, text);
  }
});

test("a text with lines of its own and a short one are left alone", () => {
  const written = `${kStatements[0]}\n-- as it was written`;
  assert.equal(layOut(written), written);
  assert.equal(layOut("SELECT 1 FROM t"), "SELECT 1 FROM t");
});

test("unbalanced and unfinished texts come through", () => {
  for (const end of ["'", '"', "$$", "/*", ")))", "((("]) {
    const statement = `${kStatements[0]} ${end} x`;
    assert.equal(squeezed(layOut(statement)), squeezed(statement));
  }
});

test("time grows with the length, not with its square", () => {
  const took = (n) => {
    const statement = `SELECT ${"(a = 'b' AND $$x$$ OR c), ".repeat(n)} 1 FROM t`;
    const start = performance.now();
    layOut(statement);
    return performance.now() - start;
  };
  took(2_000);
  const small = Math.max(took(4_000), 1);
  assert.ok(took(40_000) < small * 60, "ten times the text took more than sixty times as long");
});

test("a list shows the start of a statement on one line", () => {
  assert.equal(oneLine("SELECT\n  1"), "SELECT 1");
  assert.equal(oneLine("x".repeat(500), 10), `${"x".repeat(9)}…`);
});
