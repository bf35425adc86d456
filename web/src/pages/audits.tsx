// Every audit that ran, newest first.
import type { Audit } from "../api/types";
import { AuditTable } from "../components/audit-table";
import { param, TargetChoice } from "../components/filters";
import { Head } from "../components/head";
import { AuditIcon } from "../components/icons";
import { ListCard, useList } from "../components/list";
import { Empty } from "../components/states";

export function Audits() {
  const list = useList<Audit>("/audits", { target: param("target") }, 15_000);
  return (
    <>
      <Head title="Audits">
        <p>What ran, when, and how much it could not look at.</p>
      </Head>
      <div class="toolbar">
        <TargetChoice />
      </div>
      <ListCard list={list} label="Audits" lines={6}>
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
      </ListCard>
    </>
  );
}
