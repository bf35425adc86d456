// What a change gives back, with how sure that is.
import type { Impact } from "../api/types";
import { bytes, perHour, share, times } from "../text/format";
import { kBasisWord } from "../text/words";

export function ImpactCard({ impact }: { impact: Impact | null }) {
  return (
    <section class="card" aria-labelledby="impact">
      <h2 id="impact">What it gives back</h2>
      {impact === null || (impact.load_saved === null && impact.time_saved_ms_per_hour === null) ? (
        <p class="muted">
          No statement time was measured for it. It is listed for its severity: what it prevents, or what it
          makes visible.
        </p>
      ) : (
        <>
          <p class="big-number num">{perHour(impact.time_saved_ms_per_hour)}</p>
          <p class="muted">
            of statement time, <strong class="num">{share(impact.load_saved)}</strong> of the target’s load
          </p>
          <Interval impact={impact} />
        </>
      )}
      {impact && <Details impact={impact} />}
      {impact?.load_saved != null && (
        <p class="small muted basis">{kBasisWord[impact.basis] ?? impact.basis}.</p>
      )}
    </section>
  );
}

function Interval({ impact }: { impact: Impact }) {
  const { low, high, load_saved: saved } = impact;
  if (low === null || high === null || saved === null) return null;
  const percent = (value: number) => `${Math.max(0, Math.min(1, value)) * 100}%`;
  return (
    <figure class="interval">
      <div class="interval-track" aria-hidden="true">
        <i style={{ left: percent(low), width: percent(high - low) }} />
        <b style={{ left: percent(saved) }} />
      </div>
      <figcaption class="small muted num">
        likely between {share(low)} and {share(high)} of all load
      </figcaption>
    </figure>
  );
}

function Details({ impact }: { impact: Impact }) {
  return (
    <dl class="pairs">
      {impact.speedup !== null && (
        <>
          <dt>Those statements</dt>
          <dd>{times(impact.speedup)} faster</dd>
        </>
      )}
      {impact.index_size_bytes !== null && (
        <>
          <dt>Index size</dt>
          <dd>{bytes(impact.index_size_bytes)}</dd>
        </>
      )}
      {impact.write_overhead !== null && (
        <>
          <dt>Dearer writes</dt>
          <dd>{share(impact.write_overhead)}</dd>
        </>
      )}
    </dl>
  );
}
