// Every page of the mock, by name: what a test of "every page" goes through.
export const pages = [
  ["overview", "/"],
  ["recommendations", "/recommendations"],
  ["recommendations-none", "/recommendations?q=nothing+of+that+name"],
  ["recommendation", "/recommendations/3f6c0b1d9a7e4c52"],
  ["recommendation-no-impact", "/recommendations/8d7f1e0a55b3c201"],
  ["recommendation-n-plus-one", "/recommendations/5e2d7c91b04f6a38"],
  ["recommendation-hostile", "/recommendations/deadbeefdeadbeef"],
  ["statements", "/statements"],
  ["statement", "/statements/a1b2c3d4e5f60718?target=1"],
  ["statement-analyzed", "/statements/b1b2c3d4e5f60719?target=1"],
  ["statement-long", "/statements/21b2c3d4e5f60720?target=1"],
  ["statement-without-plan", "/statements/f1b2c3d4e5f6071d?target=1"],
  ["targets", "/targets"],
  ["target-new", "/targets/new"],
  ["target", "/targets/1"],
  ["target-down", "/targets/2"],
  ["audits", "/audits"],
  ["audit", "/audits/12"],
  ["audit-failed", "/audits/11"],
  ["rules", "/rules"],
  ["rule", "/rules/missing-index"],
  ["not-found", "/no/such/page"],
  ["no-such-recommendation", "/recommendations/0000000000000000"],
];

// Addresses of things that are not there: the answer 404 is what they are about.
export const kExpected404 = { "/recommendations/0000000000000000": true };

// Waits until the page has its data: nothing loads any more and there is a heading.
export async function settled(page) {
  await page.waitForSelector("h1, [role=alert]");
  await page.waitForFunction(() => document.querySelector("[aria-label=Loading]") === null);
  await page.waitForLoadState("networkidle");
}
