// A table where there is room; on narrow screens each row folds into a list of labelled values. The roles are
// written out because browsers drop a table's own when CSS changes its display.
import type { ComponentChildren } from "preact";

export interface Column<T> {
  name: string;
  cell: (item: T) => ComponentChildren;
  // Stands in the head instead of the name: a link that sorts.
  head?: ComponentChildren;
  sorted?: "ascending" | "descending" | undefined;
  numeric?: boolean;
}

interface Props<T> {
  // The first one heads its row.
  columns: readonly Column<T>[];
  items: readonly T[];
  keyOf: (item: T) => string;
}

export function Table<T>({ columns, items, keyOf }: Props<T>) {
  return (
    <table class="folding" role="table">
      <thead>
        <tr role="row">
          {columns.map(({ name, head, sorted, numeric }) => (
            <th
              key={name}
              role="columnheader"
              scope="col"
              class={numeric ? "right" : undefined}
              aria-sort={sorted}
            >
              {head ?? name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={keyOf(item)} role="row">
            {columns.map(({ name, cell, numeric }, i) =>
              i === 0 ? (
                <th key={name} role="rowheader" scope="row">
                  {cell(item)}
                </th>
              ) : (
                <td key={name} role="cell" data-label={name} class={numeric ? "right" : undefined}>
                  <span>{cell(item)}</span>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
