// One recommendation in a list: what to do, where, what it gives back.
import { targetName } from "../api/targets";
import type { Recommendation } from "../api/types";
import { perHour, share, times } from "../text/format";
import { kConfidenceMeaning } from "../text/words";
import { Meter } from "./meter";
import { SeverityTag, StatusTag } from "./tags";
import { Time } from "./time";

// The largest gain of a list is a full bar; the others are in proportion.
function largestGain(items: readonly Recommendation[]): number {
  return items.reduce((most, { impact }) => Math.max(most, impact?.load_saved ?? 0), 0);
}

interface Props {
  item: Recommendation;
  // False where all are of one target.
  withTarget: boolean;
  scale: number;
}

function Gain({ item, scale }: { item: Recommendation; scale: number }) {
  const impact = item.impact;
  if (impact?.load_saved == null && impact?.time_saved_ms_per_hour == null) {
    return <span class="gain muted small">no measured time</span>;
  }
  return (
    <span class="gain num">
      <strong>{perHour(impact.time_saved_ms_per_hour)}</strong>
      <Meter share={scale > 0 ? (impact.load_saved ?? 0) / scale : 0} />
      <span class="muted small">
        {share(impact.load_saved)} of load
        {impact.speedup != null && impact.speedup > 1 && ` · ${times(impact.speedup)} faster`}
      </span>
    </span>
  );
}

function RecommendationRow({ item, withTarget, scale }: Props) {
  return (
    <li class="rec-row">
      <SeverityTag severity={item.severity} />
      <div class="rec-what">
        <a href={`/recommendations/${encodeURIComponent(item.id)}`} data-row>
          {item.title}
        </a>
        <div class="rec-meta muted small">
          {withTarget && <span>{targetName(item)}</span>}
          <span>{item.rule}</span>
          {item.first_seen_at && (
            <span>
              since <Time at={item.first_seen_at} />
            </span>
          )}
          {item.current === false && <span>not found any more</span>}
          {item.status !== "open" && <StatusTag status={item.status} />}
          <span title={kConfidenceMeaning[item.confidence]}>{item.confidence}</span>
        </div>
      </div>
      <Gain item={item} scale={scale} />
    </li>
  );
}

interface ListProps {
  items: readonly Recommendation[];
  withTarget?: boolean;
}

export function RecommendationList({ items, withTarget = false }: ListProps) {
  const scale = largestGain(items);
  return (
    <ol class="rec-list">
      {items.map((item) => (
        <RecommendationRow key={item.id} item={item} scale={scale} withTarget={withTarget} />
      ))}
    </ol>
  );
}
