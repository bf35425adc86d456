// axe-core finds nothing on any page, in either theme, and no page violates the Content-Security-Policy.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startMock } from "../../web/dev/mock-server.mjs";
import { axeSource, browserMissing, openPage } from "./chromium.mjs";
import { kExpected404, pages, settled } from "./pages.mjs";
import { setUp } from "./setup.mjs";

const axe = readFileSync(axeSource, "utf8");
const { running } = setUp();
let empty;
before(async () => {
  empty = await startMock({ empty: true });
});
after(() => empty.stop());

async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`,
  );
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing in the ${colorScheme} theme`, { skip: browserMissing }, async (t) => {
    const { page, context, faults } = await openPage(running.browser, { colorScheme });
    for (const [name, path] of pages) {
      await t.test(name, async () => {
        faults.length = 0;
        await page.goto(running.mock.url + path);
        await settled(page);
        for (const details of await page.$$("main details > summary")) await details.click();
        await settled(page);
        assert.deepEqual(await violations(page), []);
        assert.deepEqual(
          faults.filter((fault) => !(path in kExpected404 && fault.includes("404"))),
          [],
        );
      });
    }
    for (const path of ["/", "/recommendations", "/statements", "/targets", "/audits"]) {
      await t.test(`with nothing set up: ${path}`, async () => {
        await page.goto(empty.url + path);
        await settled(page);
        assert.deepEqual(await violations(page), []);
      });
    }
    await t.test("the keyboard help", async () => {
      await page.goto(running.mock.url);
      await settled(page);
      await page.keyboard.press("?");
      await page.waitForSelector("dialog[open]");
      assert.deepEqual(await violations(page), []);
    });
    await context.close();
  });
}
