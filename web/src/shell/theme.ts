// Light, dark, or as the system says. Kept in this browser.
import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
const kKey = "planwise.theme";

function stored(): Theme {
  try {
    const word = localStorage.getItem(kKey);
    return word === "light" || word === "dark" ? word : "system";
  } catch {
    return "system"; // storage is blocked
  }
}

export const theme = signal<Theme>(stored());

effect(() => {
  const root = document.documentElement;
  if (theme.value === "system") delete root.dataset.theme;
  else root.dataset.theme = theme.value;
});

export function nextTheme(): void {
  theme.value = theme.value === "system" ? "dark" : theme.value === "dark" ? "light" : "system";
  try {
    localStorage.setItem(kKey, theme.value);
  } catch {
    // It lasts until the page is left.
  }
}
