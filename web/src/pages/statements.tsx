// The workload: what runs on the targets, most time first.
import { withQuery } from "../api/client";
import { targetName } from "../api/targets";
import type { Statement } from "../api/types";
import { Choice, param, SearchBox, TargetChoice } from "../components/filters";
import { Head } from "../components/head";
import { StatementIcon } from "../components/icons";
import { ListCard, useList } from "../components/list";
import { Meter } from "../components/meter";
import { Empty } from "../components/states";
import { type Column, Table } from "../components/table";
import { hrefWith } from "../router";
import { oneLine } from "../sql/layout";
import { count, duration, share } from "../text/format";

const kDefaultSort = "-total_time";

export function Statements() {
  const sort = param("sort") || kDefaultSort;
  const list = useList<Statement>("/statements", { target: param("target"), q: param("q"), sort });
  const filtered = param("target") !== "" || param("q") !== "";
  return (
    <>
      <Head title="Statements">
        <p>
          What runs on the targets, from each one’s newest audit. Texts are normalised: no value of yours is
          kept.
        </p>
      </Head>
      <div class="toolbar">
        <SearchBox label="Search" placeholder="part of a statement" />
        <TargetChoice />
        <div class="only-narrow">
          <Choice
            name="sort"
            label="Order"
            options={[
              { value: "", text: "Total time" },
              { value: "-calls", text: "Calls" },
              { value: "-mean_time", text: "Mean time" },
              { value: "-rows", text: "Rows" },
            ]}
          />
        </div>
      </div>
      <ListCard list={list} label="Statements" lines={8}>
        {(page) =>
          page.items.length === 0 ? (
            <Nothing filtered={filtered} />
          ) : (
            <StatementTable items={page.items} sort={sort} />
          )
        }
      </ListCard>
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  return (
    <Empty icon={<StatementIcon />} title={filtered ? "Nothing matches" : "No statements yet"}>
      <p>
        {filtered
          ? "No statement fits these filters."
          : "They come with the first audit of a target that has pg_stat_statements."}
      </p>
      <a class="button" href={filtered ? "/statements" : "/targets"}>
        {filtered ? "Clear the filters" : "Go to the targets"}
      </a>
    </Empty>
  );
}

function sortable(
  name: string,
  key: string,
  sort: string,
): Pick<Column<Statement>, "name" | "head" | "sorted" | "numeric"> {
  const down = sort === `-${key}`;
  const up = sort === key;
  return {
    name,
    numeric: true,
    sorted: down ? "descending" : up ? "ascending" : undefined,
    head: (
      <a href={hrefWith({ sort: down ? key : `-${key}` })}>
        {name}
        <span aria-hidden="true">{down ? " ↓" : up ? " ↑" : ""}</span>
      </a>
    ),
  };
}

interface ListProps {
  items: Statement[];
  sort: string;
}

function StatementTable({ items, sort }: ListProps) {
  const most = items.reduce((max, item) => Math.max(max, item.load_share ?? 0), 0);
  const columns: Column<Statement>[] = [
    {
      name: "Statement",
      cell: (item) => (
        <a
          class="sql-line"
          data-row
          href={withQuery(`/statements/${encodeURIComponent(item.fingerprint)}`, { target: item.target_id })}
        >
          {oneLine(item.query)}
        </a>
      ),
    },
    { name: "Target", cell: targetName },
    {
      name: "Load",
      cell: (item) => (
        <span class="load num">
          {share(item.load_share)} <Meter share={most > 0 ? (item.load_share ?? 0) / most : 0} />
        </span>
      ),
    },
    { ...sortable("Total time", "total_time", sort), cell: (item) => duration(item.total_time_ms) },
    { ...sortable("Calls", "calls", sort), cell: (item) => count(item.calls) },
    { ...sortable("Mean", "mean_time", sort), cell: (item) => duration(item.mean_ms) },
    { ...sortable("Rows", "rows", sort), cell: (item) => count(item.rows) },
  ];
  return (
    <Table columns={columns} items={items} keyOf={({ target_id, fingerprint }) => target_id + fingerprint} />
  );
}
