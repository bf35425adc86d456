// The targets, which nearly every page needs for their names.
import { type Resource, useApi } from "./resource";
import type { Page, Target } from "./types";

const kEveryMs = 30_000;

export const useTargets = (): Resource<Page<Target>> => useApi<Page<Target>>("/targets?limit=500", kEveryMs);

export const namesOf = (page: Page<Target> | undefined): Map<string, string> =>
  new Map((page?.items ?? []).map((target) => [target.id, target.name]));
