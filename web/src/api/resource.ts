// useApi(): one resource of the API as component state, with a cache for the way back and retries while the
// server is away.
import { useCallback, useEffect, useState } from "preact/hooks";
import { ApiError, get } from "./client";

export interface Resource<T> {
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  // When the next automatic attempt is due, in ms since the epoch.
  retryAt: number | undefined;
  reload: () => void;
  // Puts a newer version in place, as answered by a PATCH.
  set: (data: T) => void;
}

interface State<T> {
  path: string | null;
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  retryAt: number | undefined;
}

// Answers of this visit, newest last. Going back shows them at once while they are asked for again.
const kCacheSize = 200;
const cache = new Map<string, unknown>();

function remember(path: string, data: unknown): void {
  cache.delete(path);
  cache.set(path, data);
  const oldest = cache.keys().next();
  if (cache.size > kCacheSize && !oldest.done) cache.delete(oldest.value);
}

// Forgets answers whose path starts so: after a change that lists reflect.
export function forget(prefix: string): void {
  for (const path of cache.keys()) {
    if (path.startsWith(prefix)) cache.delete(path);
  }
}

const retryDelay = (attempt: number): number => Math.min(30_000, 1_000 * 2 ** attempt);

// `path` null asks nothing. With `everyMs` the answer is asked for again that often while the page is visible.
export function useApi<T>(path: string | null, everyMs?: number): Resource<T> {
  const start = (): State<T> => ({
    path,
    data: path === null ? undefined : (cache.get(path) as T | undefined),
    error: undefined,
    loading: path !== null,
    retryAt: undefined,
  });
  const [state, setState] = useState<State<T>>(start);
  const [tick, setTick] = useState(0);
  // A new path shows its own cached answer in this very render, never the old path's.
  const current = state.path === path ? state : start();

  useEffect(() => {
    if (path === null) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let attempt = 0;
    setState((old) => (old.path === path ? { ...old, loading: true } : start()));
    const ask = async () => {
      try {
        const data = await get<T>(path, controller.signal);
        attempt = 0;
        remember(path, data);
        setState({ path, data, error: undefined, loading: false, retryAt: undefined });
        if (everyMs) timer = setTimeout(again, everyMs);
      } catch (error) {
        if (controller.signal.aborted) return;
        const problem = error instanceof ApiError ? error : new ApiError(String(error), 500);
        const delay = problem.transient ? retryDelay(attempt++) : undefined;
        setState((old) => ({
          path,
          data: old.path === path ? old.data : undefined,
          error: problem,
          loading: false,
          retryAt: delay === undefined ? undefined : Date.now() + delay,
        }));
        if (delay !== undefined) timer = setTimeout(ask, delay);
      }
    };
    const again = () => {
      if (document.visibilityState === "visible") void ask();
      else timer = setTimeout(again, everyMs);
    };
    void ask();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [path, tick, everyMs]);

  const reload = useCallback(() => setTick((n) => n + 1), []);
  const set = useCallback(
    (data: T) => {
      if (path === null) return;
      remember(path, data);
      setState({ path, data, error: undefined, loading: false, retryAt: undefined });
    },
    [path],
  );
  return { ...current, reload, set };
}
