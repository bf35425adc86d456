// How the page behaves: the URL holds the state, history works, the service may go away and come back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startMock } from "../../web/dev/mock-server.mjs";
import { browserMissing, openPage } from "./chromium.mjs";
import { settled } from "./pages.mjs";
import { setUp } from "./setup.mjs";

const { running, at } = setUp();

const titles = (page) => page.locator(".rec-what > a").allTextContents();

test("filters go to the URL, and a URL brings them back", { skip: browserMissing }, async () => {
  const { page, context } = await at("/recommendations");
  const all = await titles(page);
  await page.selectOption("text=Severity >> xpath=.. >> select", "critical");
  await page.waitForURL(/severity=critical/);
  await page.waitForFunction(() => document.querySelectorAll(".rec-row").length === 1);
  await page.selectOption("text=Order >> xpath=.. >> select", "-first_seen");
  await page.waitForURL(/sort=-first_seen/);
  const fresh = await context.newPage();
  await fresh.goto(page.url());
  await settled(fresh);
  assert.deepEqual(await titles(fresh), await titles(page));
  assert.equal(await fresh.locator("select").nth(1).inputValue(), "critical");
  await page.goBack();
  await page.goBack();
  await page.waitForFunction((n) => document.querySelectorAll(".rec-row").length === n, all.length);
  assert.deepEqual(await titles(page), all);
  await context.close();
});

test("a list goes on page by page", { skip: browserMissing }, async () => {
  const many = await startMock();
  const [first] = many.state.recommendations;
  many.state.recommendations = Array.from({ length: 120 }, (_, i) => ({
    ...first,
    id: i.toString(16).padStart(16, "0"),
    title: `Change ${i}`,
  }));
  const { page, context } = await openPage(running.browser);
  await page.goto(`${many.url}/recommendations`);
  await settled(page);
  for (const start of [50, 100]) {
    await page.click("text=Next page");
    await page.waitForFunction(
      (title) => document.querySelector(".rec-what > a")?.textContent === title,
      `Change ${start}`,
    );
  }
  assert.equal((await titles(page)).length, 20);
  assert.equal(await page.locator("text=Next page").count(), 0);
  await page.goBack();
  await page.waitForFunction(() => document.querySelector(".rec-what > a")?.textContent === "Change 50");
  await context.close();
  await many.stop();
});

test("the service goes away: the page says so, keeps what it has, and recovers by itself", {
  skip: browserMissing,
}, async () => {
  const fleeting = await startMock();
  const { page, context } = await openPage(running.browser);
  await page.goto(`${fleeting.url}/recommendations`);
  await settled(page);
  const port = Number(new URL(fleeting.url).port);
  await fleeting.stop();
  await page.selectOption("text=Severity >> xpath=.. >> select", "info");
  await page.waitForSelector("text=planwise does not answer.");
  await page.waitForSelector("[role=alert] >> text=Trying again");
  const back = await startMock({ port });
  await page.waitForSelector(".rec-row", { timeout: 15_000 });
  assert.equal(await page.locator(".banner").count(), 0);
  await context.close();
  await back.stop();
});

test("what is not there is told as such, without retries", { skip: browserMissing }, async () => {
  const { page, context } = await at("/recommendations/0000000000000000");
  assert.match(await page.textContent("[role=alert]"), /Not here/);
  assert.doesNotMatch(await page.textContent("[role=alert]"), /Trying again/);
  await context.close();
});

test("the theme follows the system until it is chosen, and the choice lasts", {
  skip: browserMissing,
}, async () => {
  const { page, context } = await at("/", { colorScheme: "dark" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.click("text=Theme: system");
  await page.click("text=Theme: dark");
  const light = await background();
  assert.notEqual(light, dark);
  await page.reload();
  await settled(page);
  assert.equal(await background(), light);
  await context.close();
});

test("an audit is followed to its end without events too", { skip: browserMissing }, async () => {
  const { page, context } = await openPage(running.browser);
  await page.route("**/api/v1/events", (route) => route.abort());
  await page.goto(`${running.mock.url}/targets/1`);
  await settled(page);
  await page.click("text=Audit now");
  await page.waitForSelector("[role=progressbar]");
  await page.waitForSelector("text=The audit is done.", { timeout: 15_000 });
  await context.close();
});

test("an audit that fails says why and what to do", { skip: browserMissing }, async () => {
  const { page, context } = await at("/targets/2");
  await page.click("text=Audit now");
  await page.waitForSelector("text=The audit failed.", { timeout: 15_000 });
  assert.match(await page.textContent("main"), /Is the server running, and does it accept TCP connections\?/);
  await context.close();
});

test("what is wrong with a new target stands at its field", { skip: browserMissing }, async () => {
  const { page, context } = await at("/targets/new");
  await page.fill("text=Name >> xpath=.. >> input", "x");
  await page.fill("text=Connection >> xpath=.. >> input", "mongodb://nowhere");
  await page.click("text=Add and audit now");
  const error = page.locator(".field-error");
  await error.waitFor();
  assert.match(await error.textContent(), /is no PostgreSQL URI/);
  assert.equal(await page.locator("[aria-invalid=true]").count(), 1);
  await context.close();
});

test("a service slower than the polling still gets its answers through", {
  skip: browserMissing,
}, async () => {
  const { page, context } = await at("/targets/1");
  await page.route("**/api/v1/events", (route) => route.abort());
  await page.route("**/api/v1/audits/*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_800));
    await route.continue();
  });
  await page.click("text=Audit now");
  await page.waitForSelector("text=The audit is done.", { timeout: 20_000 });
  await context.close();
});

test("where the service wants a token the page asks for it and sends it", {
  skip: browserMissing,
}, async () => {
  const { page, context } = await openPage(running.browser);
  await page.route("**/api/v1/**", (route) => {
    const known = route.request().headers().authorization === "Bearer open-sesame";
    return known
      ? route.continue()
      : route.fulfill({ status: 401, contentType: "application/problem+json", body: "{}" });
  });
  await page.goto(`${running.mock.url}/targets`);
  await page.getByLabel("Token", { exact: true }).fill("open-sesame");
  await page.click("dialog >> text=Go on");
  await page.waitForSelector("text=db1.internal");
  await context.close();
});

test("a name with quotes goes into the setup SQL as one identifier", { skip: browserMissing }, async () => {
  const { page, context } = await at("/targets/new");
  await page.getByLabel("Role").fill('plan"wise');
  await page.getByLabel("Database").fill("Shop 1");
  const [login] = await page.locator(".code pre").allTextContents();
  assert.match(login, /GRANT CONNECT ON DATABASE "Shop 1" TO "plan""wise";/);
  await context.close();
});

test("the report of an audit is downloaded in every form", { skip: browserMissing }, async () => {
  const { page, context, faults } = await at("/audits/12");
  for (const [button, extension] of [
    ["HTML", "html"],
    ["Markdown", "md"],
    ["JSON", "json"],
    ["SARIF", "sarif"],
    ["SQL to run", "sql"],
  ]) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click(`button >> text="${button}"`),
    ]);
    assert.equal(download.suggestedFilename(), `planwise-audit-12.${extension}`);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("a page opens although the service went away after the first one was loaded", {
  skip: browserMissing,
}, async () => {
  const fleeting = await startMock();
  const { page, context } = await openPage(running.browser);
  await page.goto(fleeting.url);
  await settled(page);
  await page.waitForTimeout(500); // its idle moment, in which it fetches the other pages
  await page.waitForLoadState("networkidle");
  await fleeting.stop();
  await page.click("nav >> text=Rules");
  await page.waitForSelector("h1 >> text=Rules");
  await page.waitForSelector("text=planwise does not answer.");
  await context.close();
});
