// Texts of strangers come out as text: statements, names, plan labels, evidence, notes, what is in the URL.
import assert from "node:assert/strict";
import { test } from "node:test";
import { kHostile, hostileFingerprint } from "../../web/dev/fixtures/hostile.mjs";
import { browserMissing } from "./chromium.mjs";
import { setUp } from "./setup.mjs";

const { at } = setUp(({ targets, audits }) => {
  Object.assign(targets[1], {
    name: kHostile,
    last_error: kHostile,
    dsn: kHostile,
    labels: { [kHostile]: kHostile },
  });
  Object.assign(audits[1], { target: kHostile, error: kHostile, hint: kHostile });
});

const addresses = [
  "/",
  "/recommendations",
  `/recommendations?q=${encodeURIComponent(kHostile)}&target=${encodeURIComponent(kHostile)}`,
  "/recommendations/deadbeefdeadbeef",
  "/statements",
  `/statements/${hostileFingerprint}?target=1`,
  "/targets",
  "/targets/2",
  "/audits",
  "/audits/11",
  `/${encodeURI(kHostile)}`,
];

for (const address of addresses) {
  test(`${decodeURIComponent(address).slice(0, 40)} shows it and runs nothing`, {
    skip: browserMissing,
  }, async () => {
    const { page, context, faults } = await at(address);
    for (const summary of await page.$$("main summary")) await summary.click();
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.equal(await page.locator("img, script:not([src]), [onerror]").count(), 0);
    assert.ok((await page.content()).includes("&lt;img src=x onerror="), "the text itself must be there");
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("the policy would stop what slipped through", { skip: browserMissing }, async () => {
  const { page, context } = await at("/");
  const refused = await page.evaluate((text) => {
    try {
      document.body.innerHTML = text;
      return false;
    } catch (error) {
      return error instanceof TypeError;
    }
  }, kHostile);
  assert.ok(refused, "Trusted Types must refuse a string");
  await context.close();
});
