// The targets: for their own pages and for filters.
import { type Resource, useApi } from "./resource";
import type { Page, Target } from "./types";

const kEveryMs = 30_000;

export const useTargets = (): Resource<Page<Target>> => useApi<Page<Target>>("/targets?limit=500", kEveryMs);

// The target's name on something that belongs to one.
export const targetName = (of: { target?: string; target_id: string }): string => of.target ?? of.target_id;
