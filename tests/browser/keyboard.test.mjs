// The page by keyboard alone: search, rows, opening, coming back, help, jumping between pages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browserMissing } from "./chromium.mjs";
import { settled } from "./pages.mjs";
import { setUp } from "./setup.mjs";

const { at } = setUp();

const focused = (page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
const path = (page) => new URL(page.url()).pathname;

test("the first Tab is the skip link, and it leads to the page", { skip: browserMissing }, async () => {
  const { page, context } = await at("/recommendations");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Skip to the page");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  await context.close();
});

test("j and k walk the rows, Enter opens one, going back returns to it", {
  skip: browserMissing,
}, async () => {
  const { page, context } = await at("/recommendations");
  for (const key of ["j", "j", "j", "k"]) await page.keyboard.press(key);
  const row = await focused(page);
  assert.match(row, /orders/);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid", "the focused row must be visible");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#decision");
  assert.equal(await page.textContent("h1"), row);
  await page.goBack();
  await page.waitForFunction((text) => document.activeElement?.textContent?.trim() === text, row);
  await context.close();
});

test("/ searches here, or on the recommendations where a page has no search", {
  skip: browserMissing,
}, async () => {
  const { page, context } = await at("/statements");
  await page.keyboard.press("/");
  await page.keyboard.type("order_lines");
  await page.waitForURL(/q=order_lines/);
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.waitForURL(/\/targets$/);
  await settled(page);
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.getAttribute("type") === "search");
  assert.equal(path(page), "/recommendations");
  await context.close();
});

test("? opens the help, Escape closes it, and the focus is where it was", {
  skip: browserMissing,
}, async () => {
  const { page, context } = await at("/recommendations");
  await page.keyboard.press("j");
  const row = await focused(page);
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("j");
  assert.equal(await page.evaluate(() => document.activeElement?.closest("dialog") !== null), true);
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  assert.equal(await focused(page), row);
  await context.close();
});

test("a plan opens step by step", { skip: browserMissing }, async () => {
  const { page, context } = await at("/statements/b1b2c3d4e5f60719?target=1");
  await page.focus(".plan-step summary");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".plan-step[open] .plan-details");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  assert.equal(await page.locator(".plan-step[open]").count(), 2);
  await context.close();
});

test("every control is reached by Tab and shows its focus", { skip: browserMissing }, async () => {
  const { page, context } = await at("/recommendations/3f6c0b1d9a7e4c52");
  const wanted = await page
    .locator("a, button, select, textarea, summary")
    .evaluateAll((elements) => elements.filter((element) => element.getClientRects().length > 0).length);
  const seen = new Set();
  for (let i = 0; i < wanted + 5; i++) {
    await page.keyboard.press("Tab");
    const { mark, outline } = await page.evaluate(() => {
      const element = document.activeElement;
      element.dataset.tab ??= String(document.querySelectorAll("[data-tab]").length);
      return { mark: element.dataset.tab, outline: getComputedStyle(element).outlineStyle };
    });
    if (mark !== undefined) seen.add(mark);
    if (outline === "none") {
      const tag = await page.evaluate(() => document.activeElement.tagName);
      assert.equal(tag, "BODY", `${tag} shows no focus`);
    }
  }
  assert.ok(seen.size >= wanted, `${seen.size} of ${wanted}`);
  await context.close();
});
