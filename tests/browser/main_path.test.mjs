// The way a first user goes: add a target by the guided SQL, audit it, open the first recommendation, copy its
// statements, decide. Against the mock, and against a real planwise with a real PostgreSQL.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browserMissing, launch, openPage } from "./chromium.mjs";
import { settled } from "./pages.mjs";
import { realMissing, startPretended, startReal } from "./service.mjs";

const kAuditMs = 90_000;
const kPassword = /choose-a-long-one|secret/;

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

async function addTarget(page, service) {
  await page.click("main >> text=Add a target");
  await page.waitForURL(/\/targets\/new$/);
  await page.getByLabel("Database").fill("shop");
  const setup = await page.locator(".code pre").allTextContents();
  assert.equal(setup.length, 3);
  if (service.runSql) for (const sql of setup) service.runSql(sql);
  await page.getByLabel("Name").fill("shop");
  await page.getByLabel("Connection").fill(service.dsn);
  await page.getByLabel("Audit it").selectOption({ label: "only when asked" });
  await page.click("text=Add and audit now");
  await page.waitForURL(/\/targets\/\d+\?audit=\d+$/);
}

async function openFirstRecommendation(page) {
  await page.waitForSelector("text=/The audit (is done|failed)/", { timeout: kAuditMs });
  assert.equal(await page.locator("text=The audit failed.").count(), 0, await page.textContent("main"));
  assert.doesNotMatch(await page.textContent("body"), kPassword, "a password must not be shown");
  await page.click("main >> text=/^See \\d+ recommendation/");
  await settled(page);
  const first = page.locator(".rec-what > a").first();
  const title = await first.textContent();
  await first.click();
  await page.waitForSelector("#decision");
  assert.equal(await page.textContent("h1"), title);
  return title;
}

async function copyChange(page, service) {
  const change = page.locator("section[aria-labelledby=change] .code");
  const [ddl, undo] = await change.locator("pre").allTextContents();
  await change.locator("button").first().click();
  await change.locator("text=Copied").first().waitFor();
  assert.equal(await clipboard(page), ddl);
  assert.match(ddl, /;$/);
  if (!service.runSql) return;
  assert.match(ddl, /^CREATE INDEX CONCURRENTLY/);
  service.runSql(ddl);
  service.runSql(undo);
}

async function dismiss(page, title) {
  await page.getByLabel("Note").fill("not before the move");
  await page.click("button >> text=Dismiss");
  await page.waitForSelector("[role=status] >> text=Now dismissed.");
  assert.equal(await page.evaluate(() => document.activeElement.id), "decision");
  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel("Note").inputValue(), "not before the move");
  await page.click("nav >> text=Recommendations");
  await page.waitForURL(/\/recommendations$/);
  await settled(page);
  assert.equal(
    await page.locator(".rec-what > a", { hasText: title }).count(),
    0,
    "it must be gone from the list",
  );
  await page.getByLabel("Status").selectOption("dismissed");
  await page.locator(".rec-what > a", { hasText: title }).waitFor();
}

async function mainPath(service) {
  const browser = await launch();
  try {
    const { page, context, faults } = await openPage(browser);
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: service.url });
    await page.goto(service.url);
    await settled(page);
    await addTarget(page, service);
    const title = await openFirstRecommendation(page);
    await copyChange(page, service);
    await dismiss(page, title);
    for (const path of ["/", "/statements", "/targets", "/audits", "/rules"]) {
      await page.goto(service.url + path);
      await settled(page);
      assert.equal(
        await page.locator(".state[role=alert]").count(),
        0,
        `${path}: ${await page.textContent("main")}`,
      );
      const row = page.locator("main [data-row]").first();
      if ((await row.count()) === 0) continue;
      await row.click();
      await page.waitForURL((url) => url.pathname !== path);
      await settled(page);
      assert.equal(
        await page.locator(".state[role=alert]").count(),
        0,
        `${page.url()}: ${await page.textContent("main")}`,
      );
    }
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
  }
}

for (const [name, start, missing] of [
  ["the mock", startPretended, false],
  ["a real planwise and a real PostgreSQL", startReal, realMissing],
]) {
  test(`from nothing to a decision, with ${name}`, { skip: browserMissing || missing }, async () => {
    const service = await start();
    try {
      await mainPath(service);
    } finally {
      await service.stop();
    }
  });
}
