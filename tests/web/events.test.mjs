import assert from "node:assert/strict";
import { after, test } from "node:test";
import { load, unload } from "./modules.mjs";

globalThis.sessionStorage = { getItem: () => null, setItem: () => undefined };
const { eventParser } = await load("api/events.ts");
const { groupsOf } = await load("components/skipped.tsx");
after(unload);

const kStream =
  ': hello\n\nid: 1\nevent: audit.progress\ndata: {"progress": 0.5}\n\n' +
  'event: lost\ndata: {}\n\ndata: no json\n\nevent: audit.finished\r\ndata: {"a":\r\ndata: "é"}\r\n\r\n';
const kEvents = [
  { name: "audit.progress", data: { progress: 0.5 } },
  { name: "lost", data: {} },
  { name: "audit.finished", data: { a: "é" } },
];

test("events come out the same wherever the stream is cut", () => {
  for (let cut = 0; cut <= kStream.length; cut++) {
    const seen = [];
    const feed = eventParser((event) => seen.push(event));
    feed(kStream.slice(0, cut));
    feed(kStream.slice(cut));
    assert.deepEqual(seen, kEvents, `cut at ${cut}`);
  }
});

test("what was skipped for one reason is one group, those with SQL to run first", () => {
  const plan = (fingerprint) => ({
    what: "plan",
    why: "untrusted",
    remedy: "trust",
    remedy_sql: [],
    fingerprint,
  });
  const timing = { what: "timing", why: "off", remedy: null, remedy_sql: ["ALTER SYSTEM …"] };
  const groups = groupsOf([plan("a"), { ...plan("b"), why: "too big" }, plan("c"), timing]);
  assert.deepEqual(
    groups.map(({ what, items }) => [what, items.length]),
    [
      ["timing", 1],
      ["plan", 2],
      ["plan", 1],
    ],
  );
});
