// Headquarters over HTTP: the only file here that fetches, and the only one that knows the token.
import { Refused, type CaseRow, type Hq, type MemberRow, type MemberStory, type Overview, type RefusalCode, type Resolved, type SaleRow, type TillRow } from "./port";

const BASE = "/v1/console";
const SLOT = "suanpan.token";
const TIMEOUT_MS = 10_000;

interface Answer {
  status: number;
  body: unknown;
}

async function call(method: "GET" | "POST", path: string, body?: object): Promise<Answer> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  const token = sessionStorage.getItem(SLOT);
  if (token) headers["authorization"] = `Bearer ${token}`;
  try {
    const response = await fetch(BASE + path, {
      method,
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  } catch {
    throw new Refused("unreachable");
  }
}

const REFUSALS: Readonly<Record<number, RefusalCode>> = { 401: "unauthorised", 404: "not_found", 422: "weak_password", 429: "locked" };

function refusal(status: number): Refused {
  return new Refused(REFUSALS[status] ?? "internal");
}

async function ask<Told>(method: "GET" | "POST", path: string, body?: object): Promise<Told> {
  const answer = await call(method, path, body);
  if (answer.status >= 400) throw refusal(answer.status);
  return answer.body as Told;
}

async function signIn(password: string) {
  sessionStorage.removeItem(SLOT);
  const answer = await call("POST", "/sign-in", { password });
  if (answer.status === 401) throw new Refused("wrong_password");
  if (answer.status >= 400) throw refusal(answer.status);
  const { token, must_change = false } = answer.body as { token: string; must_change?: boolean };
  sessionStorage.setItem(SLOT, token);
  return { must_change };
}

async function resolve(id: string, version: number, choice: string): Promise<Resolved> {
  const answer = await call("POST", `/cases/${encodeURIComponent(id)}/resolve`, { version, choice });
  if (answer.status === 409) {
    const first = (answer.body ?? {}) as { closed_at?: string; choice?: string };
    return { mine: false, at: first.closed_at ?? null, choice: first.choice ?? null };
  }
  if (answer.status >= 400) throw refusal(answer.status);
  return { mine: true, at: null, choice };
}

export function connect(): Hq {
  return {
    remembered: () => sessionStorage.getItem(SLOT) !== null,
    signIn,
    changePassword: (password) => ask("POST", "/password", { password }),
    signOut: () => sessionStorage.removeItem(SLOT),
    overview: () => ask<Overview>("GET", "/overview"),
    members: (query, limit) => ask<MemberRow[]>("GET", `/members?query=${encodeURIComponent(query)}&limit=${limit}`),
    member: (id) => ask<MemberStory>("GET", `/members/${encodeURIComponent(id)}`),
    sales: (limit) => ask<SaleRow[]>("GET", `/sales?limit=${limit}`),
    tills: () => ask<TillRow[]>("GET", "/tills"),
    openCases: () => ask<CaseRow[]>("GET", "/cases?state=open"),
    resolve,
  };
}
