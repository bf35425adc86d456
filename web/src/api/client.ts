// Requests to the REST API: JSON in, JSON or ApiError out. Nothing else in the page calls fetch().
import { signal } from "@preact/signals";
import type { Page, Problem } from "./types";

const kBase = "/api/v1";
const kTokenKey = "planwise.token";

// "unreachable": no answer at all; "problem": the server answered with an error.
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem | null;

  constructor(message: string, status: number, problem: Problem | null = null) {
    super(message);
    this.status = status;
    this.problem = problem;
  }

  // Worth asking again without the user doing anything.
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || (this.status >= 502 && this.status <= 504);
  }
}

// False while the last request got no answer. The shell shows a banner then.
export const reachable = signal(true);
// True after a 401: the shell asks for a token.
export const needsToken = signal(false);

export function setToken(token: string): void {
  sessionStorage.setItem(kTokenKey, token);
  needsToken.value = false;
}

function headers(extra: Record<string, string>): Record<string, string> {
  const token = sessionStorage.getItem(kTokenKey);
  return token ? { ...extra, Authorization: `Bearer ${token}` } : extra;
}

async function problemOf(response: Response): Promise<Problem | null> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return null;
  }
}

// The raw response, for streams and downloads. Throws ApiError unless it is a 2xx.
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(kBase + path, {
      ...init,
      headers: headers((init.headers as Record<string, string> | undefined) ?? {}),
      credentials: "same-origin",
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    reachable.value = false;
    throw new ApiError("planwise does not answer", 0);
  }
  reachable.value = true;
  if (response.ok) return response;
  if (response.status === 401) needsToken.value = true;
  const problem = await problemOf(response);
  throw new ApiError(
    problem?.detail ?? problem?.title ?? `planwise answered ${response.status}`,
    response.status,
    problem,
  );
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { headers: { Accept: "application/json" } };
  if (signal) init.signal = signal;
  return (await (await request(path, init)).json()) as T;
}

export async function send<T>(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<T> {
  const response = await request(path, {
    method,
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

// A path with its query; null, undefined and "" are left out.
export function withQuery(path: string, query: Record<string, string | number | null | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === "" ? path : `${path}?${text}`;
}

export type { Page };
