// A page of a long list, as the URL says: its filters, its cursor.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { withQuery } from "../api/client";
import { type Resource, useApi } from "../api/resource";
import type { Page } from "../api/types";
import { returnFocus } from "../router";
import { Pager, param } from "./filters";
import { Loaded } from "./states";

const kLimit = 50;

// The page at the URL's cursor. Where the focus was before is found again once it is there.
export function useList<T>(
  path: string,
  filters: Record<string, string>,
  everyMs?: number,
): Resource<Page<T>> {
  const list = useApi<Page<T>>(
    withQuery(path, { ...filters, cursor: param("cursor"), limit: kLimit }),
    everyMs,
  );
  useEffect(() => {
    if (list.data) returnFocus();
  }, [list.data]);
  return list;
}

interface ListCardProps<T> {
  list: Resource<Page<T>>;
  label: string;
  lines: number;
  children: (page: Page<T>) => ComponentChildren;
}

// The card with the page's items, and the way to the next ones.
export function ListCard<T>({ list, label, lines, children }: ListCardProps<T>) {
  return (
    <>
      <section class="card flush" aria-label={label}>
        <Loaded of={list} lines={lines}>
          {children}
        </Loaded>
      </section>
      {list.data && (
        <Pager next={list.data.next_cursor} shown={list.data.items.length} what={label.toLowerCase()} />
      )}
    </>
  );
}
