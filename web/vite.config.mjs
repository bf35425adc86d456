import { defineConfig } from "vite";

// The page must work under a Content-Security-Policy without inline code: nothing is inlined, and the
// preload polyfill (an inline fetch of every chunk) is not needed by browsers that know modules.
export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
  server: { proxy: { "/api": process.env.PLANWISE_URL ?? "http://127.0.0.1:8080" } },
});
