// What a page shows while it has nothing to show: loading, empty, failed.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../api/client";
import type { Resource } from "../api/resource";
import { Head } from "./head";
import { DownIcon } from "./icons";

export function Loading({ lines = 4 }: { lines?: number }) {
  const widths = ["92%", "74%", "83%", "58%", "88%", "66%"];
  return (
    <div class="bars-skeleton pulse" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, i) => (
        <i key={i} style={{ width: widths[i % widths.length] ?? "80%" }} />
      ))}
    </div>
  );
}

interface EmptyProps {
  icon?: ComponentChildren;
  title: string;
  children?: ComponentChildren;
}

export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div class="state">
      {icon}
      <h2>{title}</h2>
      {children}
    </div>
  );
}

// Seconds until `at`, counting down; 0 when due.
function useCountdown(at: number | undefined): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (at === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [at]);
  return at === undefined ? 0 : Math.max(0, Math.ceil((at - now) / 1_000));
}

function ErrorState({
  error,
  retryAt,
  reload,
}: {
  error: ApiError;
  retryAt?: number | undefined;
  reload: () => void;
}) {
  const seconds = useCountdown(retryAt);
  const away = error.status === 0;
  return (
    <div class="state" role="alert">
      <DownIcon />
      <h2>{away ? "planwise does not answer" : error.status === 404 ? "Not here" : "That did not work"}</h2>
      <p>
        {away
          ? "The page is here, but the service behind it gives no answer. It may be restarting, or the connection is gone."
          : error.message}
      </p>
      <div class="actions">
        {error.status === 404 ? (
          <a class="button" href="/">
            Go to the overview
          </a>
        ) : (
          <button type="button" onClick={reload}>
            Try again
          </button>
        )}
      </div>
      {retryAt !== undefined && (
        <p class="small num" aria-live="off">
          {seconds > 0 ? `Trying again by itself in ${seconds} s.` : "Trying again…"}
        </p>
      )}
    </div>
  );
}

interface LoadedProps<T> {
  of: Resource<T>;
  lines?: number;
  // Given where this is the whole page: an error then has the page's heading.
  title?: string;
  children: (data: T) => ComponentChildren;
}

// The data once it is there; before that the right stand-in. Data that is older than an error stays visible.
export function Loaded<T>({ of, lines, title, children }: LoadedProps<T>) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (!of.error) return <Loading {...(lines === undefined ? {} : { lines })} />;
  const state = <ErrorState error={of.error} retryAt={of.retryAt} reload={of.reload} />;
  if (title === undefined) return state;
  return (
    <>
      <Head title={title} />
      <div class="card">{state}</div>
    </>
  );
}
