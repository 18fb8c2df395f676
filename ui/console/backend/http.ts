// Headquarters over HTTP: the only file here that fetches, and the only one that knows the token.
import { Refused, type CaseRow, type Hq, type MemberRow, type MemberStory, type Overview, type RefusalCode, type Resolved, type SaleRow, type SignedIn, type TillRow } from "./port";

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

const REFUSALS: Readonly<Record<string, RefusalCode>> = {
  sign_in: "unauthorised", wrong_password: "wrong_password", weak_password: "weak_password", wait: "locked", not_found: "not_found",
};

/** Headquarters refuses with `{code, detail}`; the pages have their own words for each code. */
function codeOf(answer: Answer): string {
  return answer.body !== null && typeof answer.body === "object" && "code" in answer.body ? String(answer.body.code) : "";
}

function refusal(answer: Answer): Refused {
  return new Refused(REFUSALS[codeOf(answer)] ?? "internal");
}

async function ask<Told>(method: "GET" | "POST", path: string, body?: object): Promise<Told> {
  const answer = await call(method, path, body);
  if (answer.status >= 400) throw refusal(answer);
  return answer.body as Told;
}

async function signIn(password: string, new_password?: string): Promise<SignedIn> {
  sessionStorage.removeItem(SLOT);
  const answer = await call("POST", "/sign-in", { password, new_password });
  if (codeOf(answer) === "new_password") return { must_change: true };
  if (answer.status >= 400) throw refusal(answer);
  sessionStorage.setItem(SLOT, (answer.body as { token: string }).token);
  return { must_change: false };
}

async function resolve(id: string, version: number, choice: string): Promise<Resolved> {
  const answer = await call("POST", `/cases/${encodeURIComponent(id)}/resolve`, { version, choice });
  if (answer.status === 409) {
    const first = (answer.body ?? {}) as { closed_at?: string; choice?: string };
    return { mine: false, at: first.closed_at ?? null, choice: first.choice ?? null };
  }
  if (answer.status >= 400) throw refusal(answer);
  return { mine: true, at: null, choice };
}

export function connect(): Hq {
  return {
    remembered: () => sessionStorage.getItem(SLOT) !== null,
    signIn,
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
