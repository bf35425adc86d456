// Numbers and times as people read them. Absent values come out as an em dash, never as zero.

export const kNone = "—";

type Maybe = number | null | undefined;

const missing = (value: Maybe): value is null | undefined =>
  value === null || value === undefined || Number.isNaN(value);

const number = (digits: number, significant = false): Intl.NumberFormat =>
  new Intl.NumberFormat(
    undefined,
    significant ? { maximumSignificantDigits: digits } : { maximumFractionDigits: digits },
  );
const kWhole = number(0);
const kOne = number(1);
const kTwo = number(2);
const kThreeSignificant = number(3, true);

const kSuffixes: readonly [number, string][] = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
];

export const whole = (value: Maybe): string => (missing(value) ? kNone : kWhole.format(value));

// 1234 -> "1,234"; 1234567 -> "1.23 M". The suffixes are the same in every language.
export function count(value: Maybe): string {
  if (missing(value)) return kNone;
  for (const [size, suffix] of kSuffixes) {
    if (Math.abs(value) >= size) return `${kThreeSignificant.format(value / size)} ${suffix}`;
  }
  return Math.abs(value) >= 100 || Number.isInteger(value)
    ? kWhole.format(value)
    : kThreeSignificant.format(value);
}

// 0.1234 -> "12.3 %".
export function share(value: Maybe): string {
  if (missing(value)) return kNone;
  const percent = value * 100;
  if (percent !== 0 && Math.abs(percent) < 0.05) return "< 0.1 %";
  return `${(Math.abs(percent) >= 10 ? kOne : kTwo).format(percent)} %`;
}

// A time span given in ms: "0.42 ms", "12.3 ms", "4.5 s", "3.2 min", "7.1 h", "12 d".
export function duration(ms: Maybe): string {
  if (missing(ms)) return kNone;
  const size = Math.abs(ms);
  if (size === 0) return "0 ms";
  if (size < 0.001) return "< 0.001 ms";
  if (size < 1_000) return `${kThreeSignificant.format(ms)} ms`;
  if (size < 60_000) return `${kThreeSignificant.format(ms / 1_000)} s`;
  if (size < 3_600_000) return `${kThreeSignificant.format(ms / 60_000)} min`;
  if (size < 172_800_000) return `${kThreeSignificant.format(ms / 3_600_000)} h`;
  return `${kThreeSignificant.format(ms / 86_400_000)} d`;
}

// "2.4 s an hour" needs no more than this.
export const perHour = (ms: Maybe): string => (missing(ms) ? kNone : `${duration(ms)}/h`);

export function bytes(value: Maybe): string {
  if (missing(value)) return kNone;
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let size = value;
  let unit = 0;
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${kThreeSignificant.format(size)} ${units[unit]}`;
}

// 12.34 -> "12×".
export function times(value: Maybe): string {
  if (missing(value)) return kNone;
  return `${(value >= 10 ? kWhole : kOne).format(value)}×`;
}

// A figure of the evidence in its own unit.
export function inUnit(value: Maybe, unit: string): string {
  if (missing(value)) return kNone;
  switch (unit) {
    case "ms":
      return duration(value);
    case "s":
      return duration(value * 1_000);
    case "bytes":
      return bytes(value);
    case "share":
      return share(value);
    case "":
      return count(value);
    default:
      return `${count(value)} ${unit}`;
  }
}

const kDateTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const kTime = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const kRelative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

export const dateTime = (at: Date): string => kDateTime.format(at);
export const timeOfDay = (at: Date): string => kTime.format(at);
export const utc = (at: Date): string => `${at.toISOString().replace("T", " ").slice(0, 19)} UTC`;

// "3 minutes ago", "in 2 hours".
export function relative(at: Date, now: Date = new Date()): string {
  const seconds = (at.getTime() - now.getTime()) / 1_000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["second", 60],
    ["minute", 60],
    ["hour", 24],
    ["day", 30],
    ["month", 12],
    ["year", Number.POSITIVE_INFINITY],
  ];
  let amount = seconds;
  for (const [unit, next] of steps) {
    if (Math.abs(amount) < next) return kRelative.format(Math.trunc(amount), unit);
    amount /= next;
  }
  return kNone;
}
