// A share as a short bar. The number always stands beside it, so the bar itself is silent.
export function Meter({ share }: { share: number | null | undefined }) {
  const width = Math.max(0, Math.min(1, share ?? 0)) * 100;
  return (
    <span class="meter" aria-hidden="true">
      <i style={{ width: `${width}%` }} />
    </span>
  );
}
