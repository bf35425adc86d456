// Debian's Chromium under playwright-core, as every browser test starts it. The npm packages are web's.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
export const { chromium } = require("playwright-core");
export const axeSource = require.resolve("axe-core/axe.min.js");

const kExecutable = process.env.PLANWISE_CHROMIUM ?? "/usr/bin/chromium";
export const browserMissing = existsSync(kExecutable) ? false : `there is no ${kExecutable}`;

// playwright-core makes a fresh profile folder for each launch and removes it.
export const launch = () =>
  chromium.launch({
    executablePath: kExecutable,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

// A page that notes what must not happen: script errors, console errors, violations of the Content-Security-
// Policy. `faults` must stay empty.
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(
        `CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
  return { page, context, faults };
}
