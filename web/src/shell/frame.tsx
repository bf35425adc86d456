// The frame: rail with navigation, banner while the server is away, the page in <main>.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { needsToken, reachable } from "../api/client";
import {
  AuditIcon,
  Mark,
  MenuIcon,
  MoonIcon,
  OverviewIcon,
  RecommendationIcon,
  RuleIcon,
  StatementIcon,
  SunIcon,
  SystemIcon,
  TargetIcon,
} from "../components/icons";
import { place } from "../router";
import { Help } from "./help";
import { helpOpen, kPages } from "./keys";
import { nextTheme, theme } from "./theme";
import { TokenPrompt } from "./token";

const kIcons: Record<string, () => JSX.Element> = {
  "/": OverviewIcon,
  "/recommendations": RecommendationIcon,
  "/statements": StatementIcon,
  "/targets": TargetIcon,
  "/audits": AuditIcon,
  "/rules": RuleIcon,
};

function Navigation() {
  const path = place.value.path;
  return (
    <nav aria-label="Pages">
      <ul>
        {kPages.map(({ href, name }) => {
          const Icon = kIcons[href] ?? OverviewIcon;
          const current =
            path === href ? "page" : href !== "/" && path.startsWith(`${href}/`) ? "true" : undefined;
          return (
            <li key={href}>
              <a href={href} aria-current={current}>
                <Icon />
                {name}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function ThemeButton() {
  const Icon = theme.value === "dark" ? MoonIcon : theme.value === "light" ? SunIcon : SystemIcon;
  return (
    <button type="button" class="quiet" onClick={nextTheme}>
      <Icon />
      Theme: {theme.value}
    </button>
  );
}

export function Frame({ children }: { children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const path = place.value.path;
  const first = useRef(true);
  useEffect(() => setOpen(false), [path]);
  useEffect(() => {
    // A new page starts at its beginning, for the keyboard and for screen readers; not on the first load, and
    // not where a list has given the focus back to the row that was left.
    const main = document.querySelector<HTMLElement>("main");
    if (!first.current && !main?.contains(document.activeElement)) main?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);
  return (
    <div class="frame">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="rail">
        <div class="rail-inner">
          <a class="brand" href="/">
            <Mark />
            planwise
          </a>
          <button
            type="button"
            class="menu-button"
            aria-expanded={open}
            aria-controls="menu"
            onClick={() => setOpen(!open)}
          >
            <MenuIcon />
            Menu
          </button>
          <div id="menu" class="rail-collapse" data-open={open}>
            <Navigation />
            <div class="rail-foot">
              <div class="row">
                <ThemeButton />
                <button type="button" class="quiet" onClick={() => (helpOpen.value = true)}>
                  <kbd>?</kbd> Keys
                </button>
              </div>
            </div>
          </div>
        </div>
      </header>
      <div>
        <div role="status">
          {!reachable.value && (
            <p class="banner">
              planwise does not answer. What you see may be old; it is asked again by itself.
            </p>
          )}
        </div>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
      {helpOpen.value && <Help />}
      {needsToken.value && <TokenPrompt />}
    </div>
  );
}
