// An audit as it goes on: told by events, and asked for again and again where those do not come.
import { useEffect, useRef } from "preact/hooks";
import { listen } from "./events";
import { forget, type Resource, useApi } from "./resource";
import type { Audit } from "./types";

const kPollMs = 1_000;
// With events flowing, asking is only for what was missed.
const kPollWithEventsMs = 10_000;

export const isOver = (audit: Audit): boolean => audit.state !== "queued" && audit.state !== "running";

export function useAudit(id: string | null): Resource<Audit> {
  const resource = useApi<Audit>(id === null ? null : `/audits/${encodeURIComponent(id)}`);
  const going = resource.data !== undefined && !isOver(resource.data);
  const { loading, reload } = resource;
  const busy = useRef(loading);
  const missed = useRef(false);
  // Asking again would cut off an answer that is on its way, and a slow server would never get one through.
  useEffect(() => {
    busy.current = loading;
    if (loading || !missed.current) return;
    missed.current = false;
    reload();
  }, [loading, reload]);
  useEffect(() => {
    if (!going) return;
    const controller = new AbortController();
    const ask = () => {
      if (busy.current) missed.current = true;
      else reload();
    };
    let timer = setInterval(ask, kPollMs);
    listen(
      ({ name }) => (name.startsWith("audit.") || name === "lost") && ask(),
      controller.signal,
      () => {
        clearInterval(timer);
        timer = setInterval(ask, kPollWithEventsMs);
      },
    )
      .catch(() => undefined)
      .finally(() => {
        if (controller.signal.aborted) return;
        clearInterval(timer);
        timer = setInterval(ask, kPollMs);
      });
    return () => {
      controller.abort();
      clearInterval(timer);
      // It is over, or no longer watched: lists that were read before it may be old.
      for (const prefix of ["/recommendations", "/statements", "/targets", "/audits"]) forget(prefix);
    };
  }, [going, reload]);
  return resource;
}
