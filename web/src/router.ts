// The address bar as state: every page reads its filters from the URL and writes them there.
import { signal } from "@preact/signals";

export interface Place {
  path: string;
  query: URLSearchParams;
}

const read = (): Place => ({
  path: decodeURI(window.location.pathname).replace(/\/+$/, "") || "/",
  query: new URLSearchParams(window.location.search),
});

export const place = signal<Place>(safeRead());

// The link that had the focus when its entry of the history was left; a list gives it back on return.
let returnTo: string | null = null;

function safeRead(): Place {
  try {
    return read();
  } catch {
    return { path: window.location.pathname, query: new URLSearchParams() };
  }
}

function rememberFocus(): void {
  const href = document.activeElement?.closest("a")?.getAttribute("href");
  history.replaceState({ focus: href ?? null, scroll: window.scrollY }, "");
}

export function go(href: string, how: "push" | "replace" = "push"): void {
  if (how === "push") {
    rememberFocus();
    history.pushState(null, "", href);
    returnTo = null;
  } else {
    history.replaceState(history.state, "", href);
  }
  const before = place.value.path;
  place.value = safeRead();
  if (how === "push" && before !== place.value.path) window.scrollTo(0, 0);
}

// This page's address with some query parameters changed; null removes one. A new filter starts at the first page.
export function hrefWith(changes: Record<string, string | null>): string {
  const query = new URLSearchParams(place.value.query);
  if (!("cursor" in changes)) query.delete("cursor");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return encodeURI(place.value.path) + (text === "" ? "" : `?${text}`);
}

// Gives the focus back to the link that was left, once its list is there. True if there was one.
export function returnFocus(): boolean {
  if (returnTo === null) return false;
  const link = document.querySelector<HTMLElement>(`main a[href="${CSS.escape(returnTo)}"]`);
  if (!link) return false;
  returnTo = null;
  link.focus();
  return true;
}

function plainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

export function startRouter(): void {
  window.addEventListener("popstate", (event) => {
    returnTo = (event.state as { focus?: string | null } | null)?.focus ?? null;
    place.value = safeRead();
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || !plainClick(event)) return;
    const link = (event.target as Element | null)?.closest("a");
    if (link?.target !== "" || link.hasAttribute("download")) return;
    const url = new URL(link.href, window.location.href);
    if (url.origin !== window.location.origin || url.pathname.startsWith("/api/")) return;
    if (url.hash !== "" && url.pathname === window.location.pathname) return;
    event.preventDefault();
    go(url.pathname + url.search);
  });
}

// The parameters of `pattern` ("/rules/:id") in `path`, or null where it does not match.
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split("/");
  const have = path.split("/");
  if (want.length !== have.length) return null;
  const found: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const actual = have[i] ?? "";
    if (part.startsWith(":")) found[part.slice(1)] = actual;
    else if (part !== actual) return null;
  }
  return found;
}
