// The page's own icons: 16 × 16 line drawings in the colour of their text. Decorative: words stand beside them.
import type { JSX } from "preact";

const icon = (path: string): JSX.Element => (
  <svg
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d={path} />
  </svg>
);

export const OverviewIcon = () => icon("M2 13.5V9m4 4.5V3m4 10.5V6.5m4 7V10");
export const RecommendationIcon = () =>
  icon("M8 1.8a4.4 4.4 0 0 1 2.4 8.1v1.6H5.6V9.9A4.4 4.4 0 0 1 8 1.8ZM6.2 14.2h3.6");
export const StatementIcon = () => icon("M5.5 3.5 1.8 8l3.7 4.5m5-9L14.2 8l-3.7 4.5");
export const TargetIcon = () =>
  icon(
    "M2.5 4c0-1.2 2.5-2 5.5-2s5.5.8 5.5 2-2.5 2-5.5 2-5.5-.8-5.5-2Zm0 0v8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2V4m-11 4c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2",
  );
export const AuditIcon = () => icon("M8 4.5V8l2.4 1.6M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12Z");
export const RuleIcon = () => icon("M3 2.5h7l3 3v8H3v-11Zm2.5 5h5m-5 3h5m-5-6h2");
export const CriticalIcon = () =>
  icon("M5.2 1.8h5.6l3.4 3.4v5.6l-3.4 3.4H5.2l-3.4-3.4V5.2l3.4-3.4ZM8 4.8v3.7m0 2.6v.1");
export const WarningIcon = () => icon("M8 2 14.5 13.5h-13L8 2Zm0 4.5v3m0 2v.1");
export const InfoIcon = () => icon("M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12Zm0-6.8v3.6M8 4.9V5");
export const CheckIcon = () => icon("m2.8 8.6 3.4 3.4 7-8");
export const DownIcon = () => icon("M3.5 3.5l9 9m0-9-9 9");
export const CopyIcon = () => icon("M5.5 5.5h8v8h-8v-8Zm-3 5v-8h8");
export const SunIcon = () =>
  icon(
    "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 1.2v1m0 11.6v1M1.2 8h1m11.6 0h1M3.2 3.2l.7.7m8.2 8.2.7.7m0-9.6-.7.7m-8.2 8.2-.7.7",
  );
export const MoonIcon = () => icon("M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1Z");
export const SystemIcon = () =>
  icon("M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 0v12m0-10.5 4.6 2.7M8 8h6M8 12.2l4.6-2.6");
export const MenuIcon = () => icon("M2 4.5h12M2 8h12M2 11.5h12");

// The mark: a plan whose last step became short.
export const Mark = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="#0d6b58" />
    <path
      d="M7 10h18M11 16h14"
      stroke="#fff"
      stroke-opacity=".62"
      stroke-width="3.4"
      stroke-linecap="round"
    />
    <path d="M15 22h3.5" stroke="#ffd166" stroke-width="3.4" stroke-linecap="round" />
  </svg>
);
