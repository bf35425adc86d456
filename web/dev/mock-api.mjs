// The REST API of CONTRACT.md over fixtures: routes as functions of a state in memory.
import { recommendations as kRecommendations } from "./fixtures/recommendations.mjs";
import { rules } from "./fixtures/rules.mjs";
import { skipped } from "./fixtures/skipped.mjs";
import { history, statements } from "./fixtures/statements.mjs";
import { targets } from "./fixtures/targets.mjs";
import { ago } from "./fixtures/time.mjs";

const kAuditMs = 2_500;
const kSteps = [
  "connecting",
  "reading statements",
  "planning statements",
  "trying indexes",
  "applying rules",
  "storing",
];

export class Problem extends Error {
  constructor(status, title, detail, errors) {
    super(detail);
    this.body = { type: "about:blank", title, status, detail, ...(errors ? { errors } : {}) };
  }
}
const notFound = () => new Problem(404, "Not Found", "there is nothing with that id");

function page(items, query, keep = () => true) {
  const limit = Number(query.get("limit") ?? 50);
  if (!(limit >= 1 && limit <= 500)) throw new Problem(400, "Bad Request", "limit must be 1 to 500");
  const start = Number(query.get("cursor") ?? 0);
  const kept = items.filter(keep);
  const end = start + limit;
  return { items: kept.slice(start, end), next_cursor: end < kept.length ? String(end) : null };
}

function allow(query, names) {
  for (const name of query.keys()) {
    if (!names.includes(name)) throw new Problem(400, "Bad Request", `unknown query parameter "${name}"`);
  }
}

const contains = (text, part) => !part || text.toLowerCase().includes(part.toLowerCase());

function sorted(items, word, keys) {
  if (!word) return items;
  const down = word.startsWith("-");
  const key = keys[word.replace(/^-/, "")];
  if (!key) throw new Problem(400, "Bad Request", `unknown sort "${word}"`);
  const order = (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
  return [...items].sort((a, b) => (down ? order(b, a) : order(a, b)));
}

const kSeverityOrder = { info: 0, warning: 1, critical: 2 };
const kRecommendationSorts = {
  rank: (r) => -r.rank,
  impact: (r) => r.impact.time_saved_ms_per_hour ?? -1,
  severity: (r) => kSeverityOrder[r.severity],
  first_seen: (r) => r.first_seen_at,
  last_seen: (r) => r.last_seen_at,
};
const kStatementSorts = {
  total_time: (s) => s.total_time_ms,
  calls: (s) => s.calls,
  mean_time: (s) => s.mean_ms,
  rows: (s) => s.rows,
};

function recommendations(state, query) {
  allow(query, ["target", "rule", "severity", "status", "q", "history", "sort", "limit", "cursor"]);
  const is = (name, value) => !query.get(name) || query.get(name).split(",").includes(value);
  return page(sorted(state.recommendations, query.get("sort"), kRecommendationSorts), query, (r) => {
    const hidden = r.status === "dismissed" || r.status === "snoozed";
    return (
      is("target", r.target_id) &&
      is("rule", r.rule) &&
      is("severity", r.severity) &&
      (query.get("status") ? is("status", r.status) : !hidden) &&
      contains(`${r.title} ${r.rule} ${r.objects.map((o) => o.name).join(" ")}`, query.get("q"))
    );
  });
}

function report(state, audit) {
  const target = state.targets.find((t) => t.id === audit.target_id);
  return {
    schema: "planwise.report/1",
    generator: { name: "planwise", version: "0.1.0" },
    target: { name: target.name, engine: "postgresql", version: target.version ?? "15.14", database: "shop" },
    window: { from: ago(3 * 86_400_000), to: audit.finished_at, kind: "since-reset" },
    load: {
      total_time_ms: 21_790_000,
      calls: 9_834_260,
      statements: 412,
      statements_analysed: 396,
      planned_share: 0.972,
    },
    recommendations: state.recommendations
      .filter((r) => r.target_id === audit.target_id)
      .map(
        ({ target_id, target, first_seen_at, last_seen_at, snoozed_until, note, current, ...rest }) => rest,
      ),
    statements: state.statements,
    skipped: skipped,
  };
}

function startAudit(state, target) {
  const audit = {
    id: String(++state.lastAudit),
    target_id: target.id,
    target: target.name,
    trigger: "manual",
    state: "running",
    progress: 0,
    step: kSteps[0],
    queued_at: ago(0),
    started_at: ago(0),
    finished_at: null,
    recommendations: 0,
    skipped: 0,
  };
  state.audits.unshift(audit);
  const tell = (name) => {
    const text = `event: ${name}\ndata: ${JSON.stringify({ audit_id: audit.id, target_id: target.id, progress: audit.progress })}\n\n`;
    for (const listener of state.listeners) listener.write(text);
  };
  let at = 0;
  const timer = setInterval(() => {
    at++;
    if (audit.state !== "running") {
      clearInterval(timer);
      return tell("audit.finished");
    }
    audit.progress = Math.min(1, at / kSteps.length);
    audit.step = kSteps[at] ?? "";
    if (at < kSteps.length) return tell("audit.progress");
    clearInterval(timer);
    audit.finished_at = ago(0);
    if (target.state === "down") {
      Object.assign(audit, {
        state: "failed",
        error: target.last_error,
        hint: "Is the server running, and does it accept TCP connections?",
      });
    } else {
      Object.assign(audit, {
        state: "succeeded",
        recommendations: state.recommendations.filter((r) => r.target_id === target.id).length,
        skipped: skipped.length,
      });
      Object.assign(target, {
        state: "up",
        last_success_at: audit.finished_at,
        engine: "postgresql",
        version: "15.14",
      });
    }
    tell("audit.finished");
  }, kAuditMs / kSteps.length);
  timer.unref();
  return audit;
}

function addTarget(state, body) {
  const errors = [];
  if (!body.name) errors.push({ pointer: "/name", detail: "is missing" });
  else if (state.targets.some((t) => t.name === body.name))
    errors.push({ pointer: "/name", detail: "is taken" });
  if (!/^(postgres(ql)?:\/\/|\w+=)/.test(body.dsn ?? ""))
    errors.push({ pointer: "/dsn", detail: "is no PostgreSQL URI or keyword string" });
  if (errors.length > 0)
    throw new Problem(422, "Unprocessable Content", "the target is not complete", errors);
  const target = {
    ...targets[2],
    id: String(state.targets.length + 1),
    name: body.name,
    dsn: body.dsn.replace(/:[^:@/]*@/, "@"),
    schedule: body.schedule ?? null,
    origin: "rest",
  };
  state.targets.push(target);
  // What an audit of it will find: the fixtures of the shop, under ids of their own.
  state.recommendations.push(
    ...kRecommendations
      .filter((r) => r.target_id === "1")
      .map((r) => ({
        ...structuredClone(r),
        id: r.id.slice(0, 15) + target.id,
        target_id: target.id,
        status: "open",
      })),
  );
  return target;
}

// Status and body of an answer; throws Problem.
export function route(state, method, path, query, body) {
  const [, resource, id, sub] = path.split("/");
  const find = (items, key = "id") => items.find((item) => item[key] === id) ?? null;
  const found = (item) => {
    if (!item) throw notFound();
    return item;
  };
  switch (`${method} /${resource}${id ? "/:id" : ""}${sub ? `/${sub}` : ""}`) {
    case "GET /targets":
      return [200, page(state.targets, query)];
    case "POST /targets":
      return [201, addTarget(state, body)];
    case "GET /targets/:id":
      return [200, found(find(state.targets))];
    case "DELETE /targets/:id":
      state.targets.splice(state.targets.indexOf(found(find(state.targets))), 1);
      return [204, null];
    case "GET /targets/:id/audits":
      return [200, page(state.audits, query, (a) => a.target_id === id)];
    case "POST /targets/:id/audits":
      return [202, startAudit(state, found(find(state.targets)))];
    case "GET /audits":
      return [
        200,
        page(state.audits, query, (a) => !query.get("target") || a.target_id === query.get("target")),
      ];
    case "GET /audits/:id":
      return [200, found(find(state.audits))];
    case "POST /audits/:id/cancel":
      return [
        202,
        Object.assign(found(find(state.audits)), {
          state: "cancelled",
          error: "cancelled",
          finished_at: ago(0),
        }),
      ];
    case "GET /audits/:id/report":
      return [200, report(state, found(find(state.audits)))];
    case "GET /recommendations":
      return [200, recommendations(state, query)];
    case "GET /recommendations/:id":
      return [200, found(find(state.recommendations))];
    case "PATCH /recommendations/:id":
      return [200, Object.assign(found(find(state.recommendations)), body)];
    case "GET /statements":
      allow(query, ["target", "q", "sort", "limit", "cursor"]);
      return [
        200,
        page(
          sorted(state.statements, query.get("sort"), kStatementSorts),
          query,
          (s) =>
            contains(s.query, query.get("q")) &&
            (!query.get("target") || s.target_id === query.get("target")),
        ),
      ];
    case "GET /statements/:id":
      return [200, found(find(state.statements, "fingerprint"))];
    case "GET /statements/:id/history":
      return [
        200,
        { items: history(found(find(state.statements, "fingerprint")).mean_ms), next_cursor: null },
      ];
    case "GET /rules":
      return [200, page(rules, query)];
    case "GET /rules/:id":
      return [200, found(find(rules))];
    default:
      throw notFound();
  }
}

// What the service knows at its start; with `empty` nothing has been set up yet.
export function newState(empty) {
  const state = {
    targets: empty ? [] : structuredClone(targets),
    recommendations: empty ? [] : structuredClone(kRecommendations),
    statements: empty ? [] : structuredClone(statements),
    audits: [],
    listeners: new Set(),
    lastAudit: 0,
  };
  if (!empty) {
    const past = { trigger: "schedule", progress: 1, step: "" };
    state.audits.push(
      {
        ...past,
        id: "12",
        target_id: "1",
        target: "shop",
        state: "succeeded",
        started_at: ago(740_000),
        finished_at: ago(722_000),
        recommendations: 5,
        skipped: 5,
      },
      {
        ...past,
        id: "11",
        target_id: "2",
        target: "billing",
        state: "failed",
        error: targets[1].last_error,
        hint: "Is the server running?",
        started_at: ago(3_600_000),
        finished_at: ago(3_590_000),
        recommendations: 0,
        skipped: 0,
      },
      {
        ...past,
        id: "10",
        target_id: "1",
        target: "shop",
        state: "succeeded",
        started_at: ago(2_540_000),
        finished_at: ago(2_521_000),
        recommendations: 6,
        skipped: 5,
      },
    );
    state.lastAudit = 12;
  }
  return state;
}
