// Loads a module of the page's source into node, as Vite compiles it: const { layOut } = await load("sql/layout.ts").
import { fileURLToPath, pathToFileURL } from "node:url";

const web = fileURLToPath(new URL("../../web/", import.meta.url));
const vite = await import(pathToFileURL(`${web}node_modules/vite/dist/node/index.js`));
const server = await vite.createServer({
  root: web,
  appType: "custom",
  logLevel: "error",
  cacheDir: `${web}node_modules/.vite-test-${process.pid}`,
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, watch: null, hmr: false, ws: false },
});

export const load = (path) => server.ssrLoadModule(`/src/${path}`);
export const unload = () => server.close();
