import assert from "node:assert/strict";
import { after, test } from "node:test";
import { load, unload } from "./modules.mjs";

const format = await load("text/format.ts");
after(unload);

test("what is not known is a dash, never zero", () => {
  for (const show of [
    format.whole,
    format.count,
    format.share,
    format.duration,
    format.bytes,
    format.times,
    format.perHour,
  ]) {
    for (const nothing of [null, undefined, Number.NaN]) assert.equal(show(nothing), format.kNone);
  }
  assert.equal(format.inUnit(null, "rows"), format.kNone);
});

test("durations use the unit that keeps them short", () => {
  const cases = [
    [0, "0 ms"],
    [0.0004, "< 0.001 ms"],
    [0.021, "0.021 ms"],
    [48.26, "48.3 ms"],
    [999, "999 ms"],
    [1_000, "1 s"],
    [90_000, "1.5 min"],
    [3_600_000, "1 h"],
    [172_800_000, "2 d"],
  ];
  for (const [ms, text] of cases) assert.equal(format.duration(ms), text);
});

test("shares keep small ones apart from nothing", () => {
  assert.deepEqual([0, 0.0001, 0.0123, 0.412, 1].map(format.share), [
    "0 %",
    "< 0.1 %",
    "1.23 %",
    "41.2 %",
    "100 %",
  ]);
});

test("counts are whole until they are too long to read", () => {
  assert.deepEqual([0, 17.43, 186_240, 9_120_000, 3.2e9].map(format.count), [
    "0",
    "17.4",
    "186,240",
    "9.12 M",
    "3.2 G",
  ]);
});

test("bytes are powers of 1024, as CONTRACT counts them", () => {
  assert.deepEqual([0, 1_023, 1_048_576, 5.5 * 1024 ** 3].map(format.bytes), [
    "0 B",
    "1,020 B",
    "1 MB",
    "5.5 GB",
  ]);
});

test("a figure is told in its own unit", () => {
  assert.equal(format.inUnit(0.5, "share"), "50 %");
  assert.equal(format.inUnit(1_500, "ms"), "1.5 s");
  assert.equal(format.inUnit(34, "d"), "34 d");
  assert.equal(format.inUnit(0.994, ""), "0.994");
});

test("time is told from now, in both directions", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  const at = (text) => format.relative(new Date(text), now);
  assert.equal(at("2026-03-01T11:57:00Z"), "3 minutes ago");
  assert.equal(at("2026-03-01T14:30:00Z"), "in 2 hours");
  assert.equal(at("2026-02-28T11:00:00Z"), "yesterday");
  assert.equal(format.utc(now), "2026-03-01 12:00:00 UTC");
});
