// The keyboard: "/" to search, j and k through rows, g and a letter to a page, ? for help. Enter opens a row
// because each row's first link has the focus. Keys are left alone while text is typed.
import { signal } from "@preact/signals";
import { go } from "../router";

export const helpOpen = signal(false);

export const kPages: readonly { key: string; href: string; name: string }[] = [
  { key: "o", href: "/", name: "Overview" },
  { key: "r", href: "/recommendations", name: "Recommendations" },
  { key: "s", href: "/statements", name: "Statements" },
  { key: "t", href: "/targets", name: "Targets" },
  { key: "a", href: "/audits", name: "Audits" },
  { key: "u", href: "/rules", name: "Rules" },
];

const kSequenceMs = 1_200;
let prefixAt = 0;

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

function moveRow(step: 1 | -1): void {
  const rows = Array.from(document.querySelectorAll<HTMLElement>("main [data-row]"));
  if (rows.length === 0) return;
  const now = rows.indexOf(document.activeElement as HTMLElement);
  const next =
    now === -1 ? (step === 1 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, now + step));
  rows[next]?.focus();
}

function search(): void {
  const box = document.querySelector<HTMLInputElement>("main input[type=search]");
  if (box) {
    box.focus();
    box.select();
  } else {
    go("/recommendations?focus=search");
  }
}

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (typing(event.target)) {
      if (event.key === "Escape") (event.target as HTMLElement).blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (Date.now() - prefixAt < kSequenceMs) {
      prefixAt = 0;
      const page = kPages.find(({ key }) => key === event.key);
      if (page) {
        event.preventDefault();
        go(page.href);
        return;
      }
    }
    switch (event.key) {
      case "/":
        event.preventDefault();
        search();
        break;
      case "j":
        moveRow(1);
        break;
      case "k":
        moveRow(-1);
        break;
      case "g":
        prefixAt = Date.now();
        break;
      case "?":
        helpOpen.value = true;
        break;
    }
  });
}
