// What the reader decides about a recommendation: dismiss, snooze, mark as applied, with a note.
import { useRef, useState } from "preact/hooks";
import { ApiError, send } from "../api/client";
import { forget } from "../api/resource";
import type { Recommendation, Status } from "../api/types";
import { kStatusMeaning, kStatusWord } from "../text/words";
import { Time } from "./time";

const kDays = [1, 7, 30, 90];
const kDayMs = 86_400_000;

export function Decision({
  item,
  changed,
}: {
  item: Recommendation;
  changed: (item: Recommendation) => void;
}) {
  const [note, setNote] = useState(item.note ?? "");
  const [days, setDays] = useState(7);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ text: string; failed: boolean } | null>(null);

  const heading = useRef<HTMLHeadingElement>(null);

  const decide = async (change: { status?: Status; snoozed_until?: string }) => {
    setBusy(true);
    try {
      const answer = await send<Recommendation>("PATCH", `/recommendations/${encodeURIComponent(item.id)}`, {
        ...change,
        note,
      });
      forget("/recommendations");
      changed(answer);
      // The button that was pressed may be gone: the focus stays in this section.
      heading.current?.focus();
      setSaid({
        text: change.status ? `Now ${kStatusWord[change.status].toLowerCase()}.` : "Note kept.",
        failed: false,
      });
    } catch (error) {
      setSaid({ text: error instanceof ApiError ? error.message : String(error), failed: true });
    } finally {
      setBusy(false);
    }
  };

  const open = item.status === "open";
  return (
    <section class="card form" aria-labelledby="decision">
      <h2 id="decision" ref={heading} tabIndex={-1}>
        Your decision
      </h2>
      <p class="muted">
        <strong>{kStatusWord[item.status]}.</strong> {kStatusMeaning[item.status]}
        {item.status === "snoozed" && item.snoozed_until && (
          <>
            {" "}
            Back <Time at={item.snoozed_until} />.
          </>
        )}
      </p>
      <div class="field">
        <label for="note">Note</label>
        <textarea
          id="note"
          rows={2}
          maxLength={2000}
          placeholder="why, who, ticket"
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </div>
      <div class="actions">
        {item.status !== "applied" && item.status !== "verified" && (
          <button type="button" class="primary" disabled={busy} onClick={() => decide({ status: "applied" })}>
            Mark applied
          </button>
        )}
        {item.status !== "dismissed" && (
          <button type="button" disabled={busy} onClick={() => decide({ status: "dismissed" })}>
            Dismiss
          </button>
        )}
        {!open && (
          <button type="button" disabled={busy} onClick={() => decide({ status: "open" })}>
            Reopen
          </button>
        )}
        {note !== (item.note ?? "") && (
          <button type="button" class="quiet" disabled={busy} onClick={() => decide({})}>
            Keep note only
          </button>
        )}
      </div>
      {open && (
        <div class="actions">
          <label for="snooze" class="hidden-visually">
            Snooze for
          </label>
          <select
            id="snooze"
            value={String(days)}
            onChange={(event) => setDays(Number(event.currentTarget.value))}
          >
            {kDays.map((n) => (
              <option key={n} value={String(n)}>
                {n === 1 ? "a day" : `${n} days`}
              </option>
            ))}
          </select>
          <button
            type="button"
            disabled={busy}
            onClick={() =>
              decide({ status: "snoozed", snoozed_until: new Date(Date.now() + days * kDayMs).toISOString() })
            }
          >
            Snooze
          </button>
        </div>
      )}
      <p role="status" class={said?.failed ? "field-error" : "small"}>
        {said?.text ?? ""}
      </p>
    </section>
  );
}
