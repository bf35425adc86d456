// What the service tells while it works: server-sent events. Read with fetch() and not EventSource, because a
// token travels in a header. Who listens must also be right without it: see useAudit().
import { request } from "./client";

export interface ServerEvent {
  name: string;
  data: Record<string, unknown>;
}

// Splits a stream of text into events. Feed it chunks as they come; an event may be cut anywhere.
export function eventParser(emit: (event: ServerEvent) => void): (chunk: string) => void {
  let rest = "";
  return (chunk) => {
    rest += chunk;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      let name = "message";
      const data: string[] = [];
      for (const line of block.split(/\r?\n/)) {
        if (line.startsWith("event:")) name = line.slice(6).trim();
        else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
      }
      if (data.length === 0) continue;
      try {
        emit({ name, data: JSON.parse(data.join("\n")) as Record<string, unknown> });
      } catch {
        // A line that is no JSON is not for us.
      }
    }
  };
}

// Listens until `signal` is aborted; resolves when the stream ends, throws as request() does.
export async function listen(
  emit: (event: ServerEvent) => void,
  signal: AbortSignal,
  connected: () => void,
): Promise<void> {
  const response = await request("/events", { headers: { Accept: "text/event-stream" }, signal });
  const reader = response.body?.getReader();
  if (!reader) return;
  connected();
  const decoder = new TextDecoder();
  const feed = eventParser(emit);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    feed(decoder.decode(value, { stream: true }));
  }
}
