// No page scrolls sideways at 320 CSS pixels, nor at 200 % zoom of a 1280-pixel window; every control stays
// reachable there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browserMissing, openPage } from "./chromium.mjs";
import { pages, settled } from "./pages.mjs";
import { setUp } from "./setup.mjs";

const { running } = setUp();

// The elements that reach past the right edge, unless something around them clips or scrolls them.
const sticksOut = () => {
  const width = document.documentElement.clientWidth;
  const clipped = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== "visible") return true;
    }
    return false;
  };
  return Array.from(document.querySelectorAll("body *"))
    .filter((element) => element.getBoundingClientRect().right > width + 1 && !clipped(element))
    .map((element) => `${element.tagName}.${element.className}`);
};

// What a clipping box hides of a button, link or field.
const cutOff = () =>
  Array.from(document.querySelectorAll("main a, main button, main input, main select"))
    .filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 1 && (box.right > document.documentElement.clientWidth + 1 || box.left < -1);
    })
    .map((element) => element.outerHTML.slice(0, 80));

for (const [title, viewport] of [
  ["320 pixels", { width: 320, height: 640 }],
  ["200 % zoom", { width: 640, height: 400 }],
]) {
  test(`nothing scrolls sideways at ${title}`, { skip: browserMissing }, async (t) => {
    const { page, context } = await openPage(running.browser, { viewport });
    for (const [name, path] of pages) {
      await t.test(name, async () => {
        await page.goto(running.mock.url + path);
        await settled(page);
        const { scroll, client } = await page.evaluate(() => ({
          scroll: document.scrollingElement.scrollWidth,
          client: document.scrollingElement.clientWidth,
        }));
        assert.ok(scroll <= client, `${scroll} > ${client}: ${await page.evaluate(sticksOut)}`);
        assert.deepEqual(await page.evaluate(cutOff), []);
      });
    }
    await context.close();
  });
}
