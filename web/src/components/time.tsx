// A point in time: told relative to now, exact in local time and UTC on hover.
import { dateTime, kNone, relative, utc } from "../text/format";

interface Props {
  at: string | null | undefined;
  // "relative" for lists, "exact" where the time itself matters.
  show?: "relative" | "exact";
}

export function Time({ at, show = "relative" }: Props) {
  const when = at ? new Date(at) : null;
  if (!when || Number.isNaN(when.getTime())) return <span class="muted">{kNone}</span>;
  return (
    <time dateTime={when.toISOString()} title={`${dateTime(when)} (${utc(when)})`} class="nowrap">
      {show === "relative" ? relative(when) : dateTime(when)}
    </time>
  );
}
