// Pictures of every page in both themes and at 320 px, to be looked at: node screenshots.mjs FOLDER [NAME...]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startMock } from "../../web/dev/mock-server.mjs";
import { launch, openPage } from "./chromium.mjs";
import { pages, settled } from "./pages.mjs";

const [folder = "screenshots", ...names] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const mock = await startMock();
const empty = await startMock({ empty: true });
const browser = await launch();
const kinds = [
  ["light", { colorScheme: "light", viewport: { width: 1280, height: 800 } }],
  ["dark", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }],
  ["320", { colorScheme: "light", viewport: { width: 320, height: 640 } }],
];
for (const [kind, options] of kinds) {
  const { page, context } = await openPage(browser, options);
  const all = [...pages.map(([name, path]) => [name, mock.url + path]), ["empty-overview", `${empty.url}/`]];
  for (const [name, url] of all.filter(([n]) => names.length === 0 || names.includes(n))) {
    await page.goto(url);
    await settled(page);
    await page.screenshot({ path: join(folder, `${name}-${kind}.png`), fullPage: true });
  }
  await context.close();
}
await browser.close();
await mock.stop();
await empty.stop();
