// Answers of a made-up planwise that looks after a web shop, in the form of CONTRACT.md. The figures fit each
// other, so that what the page adds up can be checked by eye.

const kHour = 3_600_000;
export const ago = (ms) => new Date(Date.now() - ms).toISOString().replace(/\.\d+Z$/, "Z");
const days = (n) => n * 24 * kHour;

export const targets = [
  {
    id: "1",
    name: "shop",
    dsn: "postgres://planwise@db1.internal:5432/shop",
    engine: "postgresql",
    version: "15.14",
    schedule: "*/30 * * * *",
    labels: { team: "checkout", tier: "production" },
    budget: { query_p95_ms: 100, cache_hit_ratio: 0.95 },
    origin: "config",
    enabled: true,
    state: "up",
    last_success_at: ago(12 * 60_000),
    last_error: null,
    next_runs: [18, 48, 78, 108, 138].map((minutes) => ago(-minutes * 60_000)),
  },
  {
    id: "2",
    name: "billing",
    dsn: "postgres://planwise@billing-db.internal:5432/ledger",
    engine: "postgresql",
    version: "16.10",
    schedule: "0 3 * * *",
    labels: {},
    budget: {},
    origin: "rest",
    enabled: true,
    state: "down",
    last_success_at: ago(days(2)),
    last_error:
      "connection to server at “billing-db.internal” (10.4.0.17), port 5432 failed: Connection refused",
    next_runs: [ago(-9 * kHour)],
  },
  {
    id: "3",
    name: "a_target_with_a_name_that_nobody_would_type_by_hand_but_a_deployment_script_certainly_will",
    dsn: "postgres://planwise@10.0.12.200/warehouse_reporting_replica_eu_central_1",
    engine: null,
    version: null,
    schedule: null,
    labels: {},
    budget: {},
    origin: "rest",
    enabled: true,
    state: "unknown",
    last_success_at: null,
    last_error: null,
    next_runs: [],
  },
];

const scan = (table, rows, cost, more = {}) => ({
  kind: "full-scan",
  label: "Seq Scan",
  schema: "public",
  table,
  alias: null,
  index: null,
  covering: false,
  join: null,
  rows,
  rows_read: null,
  cost,
  filter: null,
  index_condition: null,
  actual: null,
  children: [],
  ...more,
});
const node = (kind, label, rows, cost, children, more = {}) => ({
  ...scan(null, rows, cost),
  kind,
  label,
  schema: null,
  children,
  ...more,
});

const plans = {
  a1b2c3d4e5f60718: node("limit", "Limit", 20, 29_412.6, [
    node(
      "sort",
      "Sort",
      4_980,
      29_425,
      [scan("orders", 4_980, 29_280, { filter: "(customer_id = $1) AND (status <> 'cancelled'::text)" })],
      {
        sort_keys: ["created_at DESC"],
      },
    ),
  ]),
  b1b2c3d4e5f60719: node(
    "aggregate",
    "HashAggregate",
    412,
    88_210,
    [
      node(
        "join",
        "Hash Join",
        96_000,
        81_400,
        [
          scan("order_lines", 3_200_000, 52_800, {
            alias: "l",
            actual: { rows: 3_200_000, loops: 1, time_ms: 412, rows_removed_by_filter: 0 },
          }),
          node(
            "materialize",
            "Hash",
            1_240,
            1_620,
            [
              scan("products", 1_240, 1_620, {
                alias: "p",
                kind: "index-scan",
                label: "Index Scan",
                index: "products_category_idx",
                index_condition: "(category_id = ANY ($1))",
                actual: { rows: 1_240, loops: 1, time_ms: 2.1, rows_removed_by_filter: null },
              }),
            ],
            { actual: { rows: 1_240, loops: 1, time_ms: 2.6, rows_removed_by_filter: null } },
          ),
        ],
        {
          join: "hash",
          join_condition: "(l.product_id = p.id)",
          actual: { rows: 1_812_000, loops: 1, time_ms: 690, rows_removed_by_filter: null },
        },
      ),
    ],
    { actual: { rows: 398, loops: 1, time_ms: 905, rows_removed_by_filter: null } },
  ),
};

const statement = (fingerprint, query, calls, mean, share, rows, more = {}) => ({
  fingerprint,
  query,
  user: "shop_app",
  calls,
  total_time_ms: calls * mean,
  mean_ms: mean,
  min_ms: mean / 6,
  max_ms: mean * 14,
  stddev_ms: mean * 0.8,
  p95_ms: mean * 2.6,
  p99_ms: mean * 4.1,
  percentiles: "estimated",
  rows,
  load_share: share,
  blocks_hit: 1,
  blocks_read: 0,
  temp_blocks_written: 0,
  plan: plans[fingerprint] ?? null,
  plan_error: plans[fingerprint]
    ? undefined
    : "it calls shop.loyalty_level(), which is owned by shop_app and not trusted",
  target_id: "1",
  target: "shop",
  planned: fingerprint in plans,
  last_seen_at: ago(12 * 60_000),
  ...more,
});

export const statements = [
  statement(
    "a1b2c3d4e5f60718",
    "SELECT o.id, o.status, o.total_cents, o.created_at FROM public.orders o WHERE o.customer_id = $1 AND o.status <> $2 ORDER BY o.created_at DESC LIMIT $3",
    186_240,
    48.2,
    0.412,
    3_651_000,
  ),
  statement(
    "b1b2c3d4e5f60719",
    "SELECT p.category_id, sum(l.quantity * l.price_cents) AS revenue FROM public.order_lines l JOIN public.products p ON p.id = l.product_id WHERE p.category_id = ANY($1) GROUP BY p.category_id ORDER BY revenue DESC",
    4_410,
    905,
    0.183,
    1_755_000,
  ),
  statement(
    "c1b2c3d4e5f6071a",
    "SELECT * FROM public.products WHERE id = $1",
    9_120_000,
    0.021,
    0.088,
    9_120_000,
  ),
  statement(
    "d1b2c3d4e5f6071b",
    "SELECT id FROM public.customers WHERE lower(email) = $1",
    22_100,
    8.4,
    0.085,
    22_050,
  ),
  statement(
    "e1b2c3d4e5f6071c",
    "UPDATE public.carts SET touched_at = now() WHERE session_token = $1",
    88_000,
    1.9,
    0.077,
    88_000,
  ),
  statement(
    "f1b2c3d4e5f6071d",
    "WITH recent AS (SELECT customer_id, max(created_at) AS at FROM public.orders WHERE created_at > now() - $1::interval GROUP BY customer_id) SELECT c.id, c.email, recent.at, shop.loyalty_level(c.id) FROM public.customers c LEFT JOIN recent ON recent.customer_id = c.id WHERE c.newsletter AND (c.country = $2 OR c.country = $3) ORDER BY recent.at NULLS LAST OFFSET $4 LIMIT $5",
    310,
    412,
    0.059,
    15_500,
  ),
  statement(
    "21b2c3d4e5f60720",
    `SELECT ${Array.from({ length: 90 }, (_, i) => `report_${i}.amount_cents AS amount_${i}`).join(", ")} FROM public.reports AS report_0 WHERE report_0.id IN ($1, $2)`,
    40,
    610,
    0.012,
    80,
  ),
  statement(
    "01b2c3d4e5f6071e",
    "INSERT INTO public.events (kind, payload, at) VALUES ($1, $2, $3)",
    412_000,
    0.18,
    0.034,
    412_000,
  ),
  statement(
    "11b2c3d4e5f6071f",
    "SELECT count(*) FROM public.events WHERE kind = $1 AND at BETWEEN $2 AND $3",
    1_200,
    44,
    0.024,
    1_200,
  ),
];

const helps = (fingerprint, before, after, role) => {
  const { query, calls, total_time_ms, mean_ms, load_share } = statements.find(
    (s) => s.fingerprint === fingerprint,
  );
  return {
    fingerprint,
    query,
    calls,
    total_time_ms,
    mean_ms,
    load_share,
    cost_before: before,
    cost_after: after,
    ...(role ? { role } : {}),
  };
};

const noImpact = {
  load_saved: null,
  time_saved_ms_per_hour: null,
  speedup: null,
  low: null,
  high: null,
  basis: "heuristic",
  index_size_bytes: null,
  write_overhead: null,
};

const recommendation = (id, rule, severity, title, why, more) => ({
  rank: 0,
  id,
  rule,
  also: [],
  severity,
  title,
  why,
  objects: [],
  statements: [],
  evidence: [],
  action: { kind: "investigate", sql: [], rollback: [], text: "", effort: "low", risk: "" },
  impact: noImpact,
  confidence: "strong",
  horizon: "quick-win",
  status: "open",
  snoozed_until: null,
  note: "",
  current: true,
  target_id: "1",
  target: "shop",
  first_seen_at: ago(days(6)),
  last_seen_at: ago(12 * 60_000),
  ...more,
});

export const recommendations = [
  recommendation(
    "8d7f1e0a55b3c201",
    "key-exhaustion",
    "critical",
    "Widen public.order_lines.id to bigint before it runs out in about 41 days",
    "The key is a 32-bit integer and 93 % of its values are used. When it is full, every insert into the table fails.",
    {
      objects: [
        { kind: "column", name: "public.order_lines.id" },
        { kind: "sequence", name: "public.order_lines_id_seq" },
      ],
      evidence: [
        {
          text: "93 % of the values that an integer can hold are used",
          metric: "pg_sequences.last_value",
          value: 0.931,
          unit: "share",
        },
        {
          text: "3,610,000 values are taken a day, over the last week",
          metric: "pg_sequences.last_value",
          value: 3_610_000,
          unit: "rows",
        },
      ],
      action: {
        kind: "sql",
        sql: [
          "ALTER TABLE public.order_lines ADD COLUMN id_wide bigint",
          "CREATE UNIQUE INDEX CONCURRENTLY order_lines_id_wide_idx ON public.order_lines (id_wide)",
        ],
        rollback: [
          "DROP INDEX CONCURRENTLY public.order_lines_id_wide_idx",
          "ALTER TABLE public.order_lines DROP COLUMN id_wide",
        ],
        text: "Add a wide column, fill it in batches while the application runs, then swap the two in one short transaction. A plain ALTER COLUMN TYPE rewrites the whole table under an exclusive lock.",
        effort: "high",
        risk: "The swap takes ACCESS EXCLUSIVE for the length of two catalogue changes; set lock_timeout and retry. The fill writes 48 GB of WAL.",
      },
      confidence: "confirmed",
      horizon: "medium-term",
    },
  ),
  recommendation(
    "3f6c0b1d9a7e4c52",
    "missing-index",
    "warning",
    "Add an index on public.orders (customer_id, created_at DESC)",
    "The list of a customer’s orders reads the whole table and sorts it to show twenty rows. With this index the server reads just those twenty, already in order.",
    {
      also: ["seq-scan", "sort-without-index", "missing-fk-index"],
      objects: [
        { kind: "table", name: "public.orders" },
        { kind: "column", name: "public.orders.customer_id" },
        { kind: "column", name: "public.orders.created_at" },
      ],
      statements: [helps("a1b2c3d4e5f60718", 29_412.6, 17.4), helps("f1b2c3d4e5f6071d", 61_240, 48_900)],
      evidence: [
        {
          text: "reads 1,240,000 rows a call to return 20",
          metric: "rows_read_per_call",
          value: 1_240_000,
          unit: "rows",
        },
        {
          text: "takes 41 % of all statement time",
          metric: "load_share",
          value: 0.412,
          unit: "share",
        },
        {
          text: "the table takes 393 MB on disk",
          metric: "pg_relation_size",
          value: 412_000_000,
          unit: "bytes",
        },
      ],
      action: {
        kind: "sql",
        sql: [
          "CREATE INDEX CONCURRENTLY orders_customer_id_created_at_idx ON public.orders (customer_id, created_at DESC)",
        ],
        rollback: ["DROP INDEX CONCURRENTLY public.orders_customer_id_created_at_idx"],
        text: "The planner was asked with the index in place and uses it for both statements.",
        effort: "low",
        risk: "CONCURRENTLY takes SHARE UPDATE EXCLUSIVE: reads and writes go on. It reads the table twice (412 MB) and waits for transactions that were open when it began. If it fails it leaves an invalid index to drop.",
      },
      impact: {
        load_saved: 0.39,
        time_saved_ms_per_hour: 1_402_000,
        speedup: 24.6,
        low: 0.31,
        high: 0.41,
        basis: "what-if",
        index_size_bytes: 38_400_000,
        write_overhead: 0.021,
      },
      confidence: "confirmed",
    },
  ),
  recommendation(
    "5e2d7c91b04f6a38",
    "n-plus-one",
    "warning",
    "Load the products of a page with one statement instead of one each",
    "For every row of the order list the application asks for one product. Forty-nine of fifty round trips can go.",
    {
      objects: [{ kind: "statement", name: "c1b2c3d4e5f6071a" }],
      statements: [
        helps("a1b2c3d4e5f60718", null, null, "parent"),
        helps("c1b2c3d4e5f6071a", null, null, "child"),
      ],
      evidence: [
        {
          text: "1.02 lookups for each row of the list, over 9 intervals",
          metric: "calls_per_parent_row",
          value: 1.02,
          unit: "calls",
        },
        {
          text: "the two move together with a correlation of 0.994",
          metric: "correlation",
          value: 0.994,
          unit: "",
        },
      ],
      action: {
        kind: "application",
        sql: [],
        rollback: [],
        text: 'Fetch them together: WHERE id = ANY($1). In ActiveRecord includes(:product), in Django select_related("product"), in Hibernate a fetch join.',
        effort: "medium",
        risk: "",
      },
      impact: {
        ...noImpact,
        load_saved: 0.07,
        time_saved_ms_per_hour: 262_000,
        speedup: 5.2,
        low: 0.04,
        high: 0.085,
        basis: "measured",
      },
      confidence: "possible",
      horizon: "medium-term",
      first_seen_at: ago(days(2)),
    },
  ),
  recommendation(
    "71aa03c4de98b5f0",
    "non-sargable-predicate",
    "warning",
    "Add an index on public.customers (lower(email))",
    "The statement compares lower(email), which the index on email cannot answer, so every login reads all customers.",
    {
      objects: [{ kind: "table", name: "public.customers" }],
      statements: [helps("d1b2c3d4e5f6071b", 5_120, 8.4)],
      evidence: [
        {
          text: "reads 186,000 rows a call to return 1",
          metric: "rows_read_per_call",
          value: 186_000,
          unit: "rows",
        },
      ],
      action: {
        kind: "sql",
        sql: [
          "CREATE INDEX CONCURRENTLY customers_lower_email_idx ON public.customers (lower(email))",
          "ANALYZE public.customers",
        ],
        rollback: ["DROP INDEX CONCURRENTLY public.customers_lower_email_idx"],
        text: "",
        effort: "low",
        risk: "As every CREATE INDEX CONCURRENTLY; then ANALYZE, so that the planner knows the expression’s values.",
      },
      impact: {
        load_saved: 0.083,
        time_saved_ms_per_hour: 298_000,
        speedup: 61,
        low: 0.07,
        high: 0.085,
        basis: "what-if",
        index_size_bytes: 6_100_000,
        write_overhead: 0.004,
      },
      confidence: "confirmed",
      status: "applied",
    },
  ),
  recommendation(
    "02bc9de1f7a84410",
    "unused-index",
    "info",
    "Drop the index public.events_payload_idx, unused for 34 days",
    "Nothing has read this index in 34 days, while every insert into the table keeps it up to date.",
    {
      objects: [{ kind: "index", name: "public.events_payload_idx" }],
      evidence: [
        {
          text: "no scan since the counters began",
          metric: "pg_stat_user_indexes.idx_scan",
          value: 0,
          unit: "",
        },
        { text: "the counters began 34 days ago", metric: "stats_reset", value: 34, unit: "d" },
        { text: "the index takes 2.67 GB", metric: "pg_relation_size", value: 2_870_000_000, unit: "bytes" },
      ],
      action: {
        kind: "sql",
        sql: ["DROP INDEX CONCURRENTLY public.events_payload_idx"],
        rollback: [
          "CREATE INDEX CONCURRENTLY events_payload_idx ON public.events USING gin (payload jsonb_path_ops)",
        ],
        text: "Check that no replica uses it: their scans are counted there.",
        effort: "low",
        risk: "Making it again takes about as long as reading the table once.",
      },
      confidence: "strong",
    },
  ),
  recommendation(
    "9c4417fb20de6a11",
    "stale-statistics",
    "info",
    "Run ANALYZE on public.carts",
    "Two thirds of the table changed since its statistics were taken, so the planner guesses its size wrong.",
    {
      objects: [{ kind: "table", name: "public.carts" }],
      evidence: [
        {
          text: "612,000 rows changed since the last ANALYZE",
          metric: "pg_stat_user_tables.n_mod_since_analyze",
          value: 612_000,
          unit: "rows",
        },
      ],
      action: { kind: "sql", sql: ["ANALYZE public.carts"], rollback: [], text: "", effort: "low", risk: "" },
      confidence: "confirmed",
      target_id: "2",
      target: "billing",
      first_seen_at: ago(days(41)),
      last_seen_at: ago(days(2)),
    },
  ),
];

// Names and texts as a stranger with bad intentions would write them. They must come out as text.
export const kHostile = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`;
export const hostileFingerprint = "666f6f6261722121";
statements.push(
  statement(
    hostileFingerprint,
    `SELECT '${kHostile}' AS "${kHostile}" FROM "${kHostile}" WHERE a = $1 -- ${kHostile}`,
    3,
    1,
    0.001,
    3,
    {
      plan: node("limit", kHostile, 1, 10, [scan(kHostile, 1, 9, { filter: kHostile })]),
      plan_error: undefined,
    },
  ),
);
recommendations.push(
  recommendation("deadbeefdeadbeef", "duplicate-index", "info", `Drop the index "${kHostile}"`, kHostile, {
    objects: [{ kind: "index", name: `"${kHostile}"` }],
    statements: [helps(hostileFingerprint, 10, 5)],
    evidence: [{ text: kHostile, metric: kHostile, value: 1, unit: kHostile }],
    action: {
      kind: "sql",
      sql: [`DROP INDEX "${kHostile}"`],
      rollback: [kHostile],
      text: kHostile,
      effort: "low",
      risk: kHostile,
    },
    note: kHostile,
  }),
);
recommendations.forEach((item, i) => {
  item.rank = i + 1;
});

export const history = (mean) =>
  Array.from({ length: 48 }, (_, i) => {
    const end = (48 - i) * 30 * 60_000;
    const calls = Math.round(2_000 + 1_500 * Math.sin(i / 7.6) + (i % 5) * 40);
    const each = mean * (0.9 + 0.1 * Math.sin(i / 3) + (i > 30 ? 0.25 : 0));
    return {
      from: ago(end + 30 * 60_000),
      at: ago(end),
      calls,
      rows: calls * 20,
      total_time_ms: calls * each,
      mean_ms: each,
    };
  });

export const skipped = [
  {
    what: "unused indexes",
    why: "The counters are 3 days old; the rule wants 14 days before it calls an index unused.",
    remedy: "Wait; do not reset the statistics.",
    remedy_sql: [],
    rule: "unused-index",
  },
  ...["f1b2c3d4e5f6071d", "c1b2c3d4e5f6071a", "d1b2c3d4e5f6071b"].map((fingerprint) => ({
    what: "plan of a statement",
    why: "It calls a function of an owner that is not trusted; planning would run it.",
    remedy: "Name the owner in trusted_owners if its functions are harmless.",
    remedy_sql: [],
    fingerprint,
  })),
  {
    what: "time spent reading from disk",
    why: "track_io_timing is off on the server.",
    remedy: "Turn it on; it costs little on today’s machines.",
    remedy_sql: ["ALTER SYSTEM SET track_io_timing = on", "SELECT pg_reload_conf()"],
  },
];

export const rules = [
  ["missing-index", "A statement could use an index that does not exist", "warning"],
  ["seq-scan", "A statement reads a whole table to keep a few rows", "warning"],
  ["sort-without-index", "A sort that an index could deliver in order", "info"],
  ["missing-fk-index", "A foreign key without an index", "warning"],
  ["non-sargable-predicate", "A function around a column hides its index", "warning"],
  ["n-plus-one", "One lookup for each row of another statement", "warning"],
  ["unused-index", "An index that nothing reads", "info"],
  ["duplicate-index", "Two indexes that are the same", "info"],
  ["key-exhaustion", "A key that is about to run out of values", "critical"],
  ["stale-statistics", "The planner’s statistics are out of date", "info"],
].map(([id, title, severity]) => ({
  id,
  title,
  severity,
  engines: ["postgresql"],
  what: "Statements whose plan reads at least `min_rows` rows by a full scan and keeps less than `max_kept` of them, with at least 1 % of the load.\n\nThe figures come from the plan and from the counters together.",
  why: "Every call reads the whole table through the cache and pushes other pages out.",
  fix: "Create the index with `CREATE INDEX CONCURRENTLY`. It costs a second read of the table and a little on every write.",
  quiet:
    "Aggregates over most of a table; tables under 1,000 rows; statements the planner would run the same way with the index.",
  options: [
    { name: "min_rows", default: 10_000, unit: "rows", meaning: "read a call, below which a scan is cheap" },
    { name: "max_kept", default: 0.1, unit: "share", meaning: "of the rows read that are kept" },
  ],
  references: [
    "https://www.postgresql.org/docs/current/indexes.html",
    "Schlosser, Kossmann, Boissier: Efficient Scalable Multi-Attribute Index Selection (2019)",
  ],
}));
