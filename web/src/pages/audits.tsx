// Every audit that ran, newest first.
import { useEffect } from "preact/hooks";
import { withQuery } from "../api/client";
import { useApi } from "../api/resource";
import type { Audit, Page } from "../api/types";
import { AuditTable } from "../components/audit-table";
import { Pager, param, TargetChoice } from "../components/filters";
import { Head } from "../components/head";
import { AuditIcon } from "../components/icons";
import { Empty, Loaded } from "../components/states";
import { returnFocus } from "../router";

const kLimit = 50;

export function Audits() {
  const target = param("target");
  const list = useApi<Page<Audit>>(
    withQuery("/audits", { target, cursor: param("cursor"), limit: kLimit }),
    15_000,
  );
  useEffect(() => {
    if (list.data) returnFocus();
  }, [list.data]);
  return (
    <>
      <Head title="Audits">
        <p>What ran, when, and how much it could not look at.</p>
      </Head>
      <div class="toolbar">
        <TargetChoice />
      </div>
      <section class="card flush" aria-label="Audits">
        <Loaded of={list} lines={6}>
          {(page) =>
            page.items.length > 0 ? (
              <AuditTable items={page.items} withTarget />
            ) : (
              <Empty icon={<AuditIcon />} title="No audit yet">
                <p>Start one on a target’s page; afterwards they run by its schedule.</p>
                <a class="button" href="/targets">
                  Go to the targets
                </a>
              </Empty>
            )
          }
        </Loaded>
      </section>
      {list.data && <Pager next={list.data.next_cursor} shown={list.data.items.length} what="audits" />}
    </>
  );
}
