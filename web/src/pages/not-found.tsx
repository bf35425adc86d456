import { Head } from "../components/head";
import { Empty } from "../components/states";
import { place } from "../router";

export function NotFound() {
  return (
    <>
      <Head title="No such page" />
      <div class="card">
        <Empty title="Nothing is at this address">
          <p>
            <span class="mono">{place.value.path}</span> is no page of planwise. What you look for may have
            moved, or the link was cut short.
          </p>
          <a class="button" href="/">
            Go to the overview
          </a>
        </Empty>
      </div>
    </>
  );
}
