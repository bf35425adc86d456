// Everything worth doing, filtered and sorted as the URL says.
import { useApi } from "../api/resource";
import { useTargets } from "../api/targets";
import type { Page, Recommendation, Rule } from "../api/types";
import { Choice, param, SearchBox, TargetChoice } from "../components/filters";
import { Head } from "../components/head";
import { RecommendationIcon } from "../components/icons";
import { ListCard, useList } from "../components/list";
import { RecommendationList } from "../components/recommendation-row";
import { Empty } from "../components/states";
import { kSeverities, kSeverityWord, kStatuses, kStatusWord } from "../text/words";

const kFilters = ["target", "rule", "severity", "status", "q"] as const;

export function Recommendations() {
  const targets = useTargets();
  const rules = useApi<Page<Rule>>("/rules?limit=500");
  const filters = Object.fromEntries(kFilters.map((name) => [name, param(name)]));
  const list = useList<Recommendation>("/recommendations", { ...filters, sort: param("sort") });
  const filtered = kFilters.some((name) => param(name) !== "");
  return (
    <>
      <Head title="Recommendations">
        <p>What would make your databases faster, by what each change gives back.</p>
      </Head>
      <div class="toolbar">
        <SearchBox label="Search" placeholder="table, rule, words of the title" />
        <TargetChoice />
        <Choice
          name="severity"
          label="Severity"
          options={[
            { value: "", text: "All" },
            ...kSeverities.map((value) => ({ value, text: kSeverityWord[value] })),
          ]}
        />
        <Choice
          name="rule"
          label="Rule"
          options={[
            { value: "", text: "All" },
            ...(rules.data?.items ?? []).map(({ id }) => ({ value: id, text: id })),
          ]}
        />
        <Choice
          name="status"
          label="Status"
          options={[
            { value: "", text: "Not hidden" },
            ...kStatuses.map((value) => ({ value, text: kStatusWord[value] })),
          ]}
        />
        <Choice
          name="sort"
          label="Order"
          options={[
            { value: "", text: "Best first" },
            { value: "-impact", text: "Time saved" },
            { value: "-severity", text: "Severity" },
            { value: "-first_seen", text: "Newest" },
            { value: "-last_seen", text: "Last seen" },
          ]}
        />
      </div>
      <ListCard list={list} label="Recommendations" lines={8}>
        {(page) =>
          page.items.length > 0 ? (
            <RecommendationList items={page.items} withTarget />
          ) : filtered ? (
            <Empty icon={<RecommendationIcon />} title="Nothing matches">
              <p>No recommendation fits all of these filters.</p>
              <a class="button" href="/recommendations">
                Clear the filters
              </a>
            </Empty>
          ) : (
            <Empty icon={<RecommendationIcon />} title="Nothing to do right now">
              <p>
                {targets.data?.items.length === 0
                  ? "There is no target yet, so nothing was looked at."
                  : "The last audits found nothing, or none has run. What they could not look at stands on each audit’s page."}
              </p>
              <a class="button" href={targets.data?.items.length === 0 ? "/targets/new" : "/audits"}>
                {targets.data?.items.length === 0 ? "Add a target" : "Look at the audits"}
              </a>
            </Empty>
          )
        }
      </ListCard>
      <p class="hidden-visually" role="status">
        {list.data && !list.loading ? `${list.data.items.length} recommendations` : ""}
      </p>
    </>
  );
}
