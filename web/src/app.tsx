// Which page stands at which address. Every page but the overview comes in a chunk of its own.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Empty, Loading } from "./components/states";
import { NotFound } from "./pages/not-found";
import { Overview } from "./pages/overview";
import { match, place } from "./router";
import { Frame } from "./shell/frame";

// biome-ignore lint/suspicious/noExplicitAny: each page declares the parameters of its own pattern
type PageComponent = ComponentType<any>;
type Load = () => Promise<PageComponent>;

const kRoutes: readonly [pattern: string, load: Load][] = [
  ["/recommendations", () => import("./pages/recommendations").then((m) => m.Recommendations)],
  ["/recommendations/:id", () => import("./pages/recommendation").then((m) => m.RecommendationPage)],
  ["/statements", () => import("./pages/statements").then((m) => m.Statements)],
  ["/statements/:fingerprint", () => import("./pages/statement").then((m) => m.StatementPage)],
  ["/targets", () => import("./pages/targets").then((m) => m.Targets)],
  ["/targets/new", () => import("./pages/target-new").then((m) => m.NewTarget)],
  ["/targets/:id", () => import("./pages/target").then((m) => m.TargetPage)],
  ["/audits", () => import("./pages/audits").then((m) => m.Audits)],
  ["/audits/:id", () => import("./pages/audit").then((m) => m.AuditPage)],
  ["/rules", () => import("./pages/rules").then((m) => m.Rules)],
  ["/rules/:id", () => import("./pages/rule").then((m) => m.RulePage)],
];

const loadedPages = new Map<Load, PageComponent>();

// Loads what is not there yet while nothing else happens, so that the next page opens at once, and opens at all
// where the service has gone meanwhile.
export function prefetchPages(): void {
  const load = () => {
    for (const [, page] of kRoutes)
      page().then(
        (found) => loadedPages.set(page, found),
        () => undefined,
      );
  };
  if ("requestIdleCallback" in window) window.requestIdleCallback(load, { timeout: 5_000 });
  else setTimeout(load, 2_000); // Safari has no idle callback
}

function Lazy({ load, parameters }: { load: Load; parameters: Record<string, string> }) {
  const [, setDone] = useState(0);
  const [failed, setFailed] = useState(false);
  const Page = loadedPages.get(load);
  useEffect(() => {
    if (loadedPages.has(load)) return;
    let gone = false;
    load().then(
      (page) => {
        loadedPages.set(load, page);
        if (!gone) setDone((n) => n + 1);
      },
      () => !gone && setFailed(true),
    );
    return () => {
      gone = true;
    };
  }, [load]);
  if (Page) return <Page {...parameters} />;
  if (!failed) return <Loading lines={6} />;
  return (
    <Empty title="This page could not be loaded">
      <p>The service is away, or it was updated since this page was opened.</p>
      <button type="button" onClick={() => window.location.reload()}>
        Load it anew
      </button>
    </Empty>
  );
}

function Route() {
  const path = place.value.path;
  if (path === "/") return <Overview />;
  // "/targets/new" is listed before "/targets/:id", so the first match is the right one.
  for (const [pattern, load] of kRoutes) {
    const parameters = match(pattern, path);
    if (parameters) return <Lazy key={path} load={load} parameters={parameters} />;
  }
  return <NotFound />;
}

export function App() {
  return (
    <Frame>
      <Route />
    </Frame>
  );
}
