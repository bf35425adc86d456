// Adding a target: first the login it needs, as SQL to copy; then the connection; then the first audit.
import { useState } from "preact/hooks";
import { ApiError, send } from "../api/client";
import { forget } from "../api/resource";
import type { Audit, Target } from "../api/types";
import { Field } from "../components/field";
import { Head } from "../components/head";
import { Sql } from "../components/sql";
import { go } from "../router";
import { exampleDsn, setupSteps } from "../sql/setup";

const kSchedules = [
  { value: "*/30 * * * *", text: "every half hour" },
  { value: "0 * * * *", text: "every hour" },
  { value: "0 3 * * *", text: "every night at three" },
  { value: "", text: "only when asked" },
];

type FieldErrors = Partial<Record<string, string>>;

function fieldErrors(error: ApiError): FieldErrors {
  const found: FieldErrors = {};
  for (const { pointer, detail } of error.problem?.errors ?? []) found[pointer.replace(/^\//, "")] = detail;
  return found;
}

export function NewTarget() {
  const [role, setRole] = useState("planwise");
  const [database, setDatabase] = useState("");
  const [name, setName] = useState("");
  const [dsn, setDsn] = useState("");
  const [schedule, setSchedule] = useState(kSchedules[0]?.value ?? "");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const errors = error ? fieldErrors(error) : {};

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const target = await send<Target>("POST", "/targets", {
        name: name.trim(),
        dsn: dsn.trim(),
        ...(schedule === "" ? {} : { schedule }),
      });
      forget("/targets");
      const audit = await send<Audit | undefined>(
        "POST",
        `/targets/${encodeURIComponent(target.id)}/audits`,
      ).catch(() => undefined);
      go(
        `/targets/${encodeURIComponent(target.id)}${audit?.id ? `?audit=${encodeURIComponent(audit.id)}` : ""}`,
      );
    } catch (problem) {
      setError(problem instanceof ApiError ? problem : new ApiError(String(problem), 500));
      setBusy(false);
    }
  };

  return (
    <>
      <Head title="Add a target" crumbs={[{ href: "/targets", name: "Targets" }]}>
        <p>PostgreSQL 12 and later. Two steps: a login that can only look, then where it is.</p>
      </Head>
      <div class="wizard">
        <section class="card form" aria-labelledby="login">
          <h2 id="login">
            <span class="step-number">1</span> Make the login
          </h2>
          <div class="field-pair">
            <Field label="Role" value={role} onValue={setRole} />
            <Field label="Database" value={database} onValue={setDatabase} placeholder="app" />
          </div>
          <p class="muted">Run this as an administrator of the server. Nothing of it lets planwise write.</p>
          {setupSteps(role, database).map((step) => (
            <div key={step.title} class="stack tight">
              <Sql text={step.sql} what={`the SQL for: ${step.title}`} caption={step.title} />
              <p class="small muted">{step.text}</p>
            </div>
          ))}
        </section>
        <form class="card form" aria-labelledby="where" onSubmit={submit}>
          <h2 id="where">
            <span class="step-number">2</span> Say where it is
          </h2>
          {error && Object.keys(errors).length === 0 && (
            <div class="notice" data-tone="critical" role="alert">
              <strong>{error.message}</strong>
            </div>
          )}
          <Field
            label="Name"
            value={name}
            onValue={setName}
            required
            help="Short, for lists and reports. It does not change later."
            error={errors.name}
          />
          <Field
            label="Connection"
            value={dsn}
            onValue={setDsn}
            required
            mono
            placeholder={exampleDsn(role, database)}
            help="A libpq URI or keyword string. The password is kept by the server and never shown again."
            error={errors.dsn}
          />
          <div class="field">
            <label for="schedule">Audit it</label>
            <select
              id="schedule"
              value={schedule}
              onChange={(event) => setSchedule(event.currentTarget.value)}
            >
              {kSchedules.map(({ value, text }) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
            {errors.schedule && <span class="field-error">{errors.schedule}</span>}
          </div>
          <div class="actions">
            <button type="submit" class="primary" disabled={busy}>
              {busy ? "Adding…" : "Add and audit now"}
            </button>
            <a class="button quiet" href="/targets">
              Cancel
            </a>
          </div>
        </form>
      </div>
    </>
  );
}
