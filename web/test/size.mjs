// Fails when the first route's JavaScript, compressed, is above its budget. The first route is what index.html
// names and everything those files import statically.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const kBudgetBytes = 60 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const size = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

const first = new Set();
const visit = (key) => {
  const chunk = manifest[key];
  if (first.has(chunk.file)) return;
  first.add(chunk.file);
  for (const imported of chunk.imports ?? []) visit(imported);
};
visit("index.html");

const scripts = Object.values(manifest)
  .map(({ file }) => file)
  .filter((file) => file.endsWith(".js"));
const total = (files) => files.reduce((sum, file) => sum + size(file), 0);
const firstBytes = total([...first]);
console.log(`first route: ${firstBytes} bytes of JavaScript (gzip), budget ${kBudgetBytes}`);
console.log(`all routes:  ${total([...new Set(scripts)])} bytes of JavaScript (gzip)`);
if (firstBytes > kBudgetBytes) {
  console.error("the first route is above its budget");
  process.exit(1);
}
