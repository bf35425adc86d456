// A stand-in for `planwise serve`: the built page and the REST API of CONTRACT.md over fixtures, with the
// headers of the real one. For working on the page and for its tests; the state lives in memory.
//   node dev/mock-server.mjs [PORT] [--empty]
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { newState, Problem, route } from "./mock-api.mjs";

const kDist = fileURLToPath(new URL("../dist/", import.meta.url));
const kHeaders = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};
const kTypes = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

function api(state, request, response, url, text) {
  try {
    const [status, body] = route(
      state,
      request.method,
      url.pathname.slice("/api/v1".length),
      url.searchParams,
      text ? JSON.parse(text) : {},
    );
    response.writeHead(status, {
      ...kHeaders,
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
    });
    response.end(body === null ? "" : JSON.stringify(body));
  } catch (error) {
    const problem =
      error instanceof Problem
        ? error.body
        : { type: "about:blank", title: "Internal Server Error", status: 500, detail: String(error) };
    response.writeHead(problem.status, { ...kHeaders, "Content-Type": "application/problem+json" });
    response.end(JSON.stringify(problem));
  }
}

function asset(response, path) {
  const file = normalize(join(kDist, path));
  const known = file.startsWith(kDist) && existsSync(file) && statSync(file).isFile();
  if (!known && extname(path) !== "") {
    response.writeHead(404, kHeaders);
    return response.end();
  }
  const name = known ? file : join(kDist, "index.html");
  response.writeHead(200, {
    ...kHeaders,
    "Content-Type": kTypes[extname(name)] ?? "application/octet-stream",
  });
  createReadStream(name).pipe(response);
}

function events(state, response) {
  response.writeHead(200, { ...kHeaders, "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write(": hello\n\n");
  state.listeners.add(response);
  response.on("close", () => state.listeners.delete(response));
}

// Starts it; resolves to {url, state, stop}. With `empty` nothing has been set up yet.
export async function startMock({ port = 0, empty = false } = {}) {
  const state = newState(empty);
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://mock");
    if (url.pathname === "/api/v1/events") return events(state, response);
    if (!url.pathname.startsWith("/api/")) return asset(response, decodeURIComponent(url.pathname));
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => api(state, request, response, url, text));
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}`, state, stop };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const empty = process.argv.includes("--empty");
  const { url } = await startMock({ port: Number(process.argv[2]) || 8081, empty });
  console.log(`listening on ${url}`);
}
