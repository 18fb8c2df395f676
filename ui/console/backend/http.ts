// Headquarters over HTTP: the only file here that fetches, and the only one that knows the token.
import { Refused, type Hq, type NightStory, type Overview, type RefusalCode, type Resolved, type SignedIn } from "./port";
import { completed, type ScanRules, type Tried } from "./rules";
import type { Judged, Kept, Shelf, Version } from "./shelf";
import type { KeptTemplate, PaperShown, Picture, Templates } from "./template";
import {
  caseRow, memberRow, saleRow, story, tillRow,
  type WireCase, type WireMember, type WireSale, type WireStory, type WireTill,
} from "./wire";

const CONSOLE = "/v1/console";
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
    const response = await fetch(path, {
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
  const answer = await call("POST", `${CONSOLE}/sign-in`, { password, new_password });
  if (codeOf(answer) === "new_password") return { must_change: true };
  if (answer.status >= 400) throw refusal(answer);
  sessionStorage.setItem(SLOT, (answer.body as { token: string }).token);
  return { must_change: false };
}

/** Who was first is not told by the refusal; the closed case tells how it was answered. */
async function closedAs(id: string): Promise<Resolved> {
  const rows = await ask<WireCase[]>("GET", `${CONSOLE}/cases`);
  const closed = rows.find((row) => row.id === id);
  return { mine: false, at: closed?.closed_at ?? null, choice: closed?.choice ?? null };
}

async function resolve(id: string, version: number, choice: string): Promise<Resolved> {
  const answer = await call("POST", `${CONSOLE}/cases/${encodeURIComponent(id)}/resolve`, { version, choice });
  if (codeOf(answer) === "case_closed") return closedAs(id);
  if (answer.status >= 400) throw refusal(answer);
  return { mine: true, at: null, choice };
}

const TEMPLATES = `${CONSOLE}/receipt-templates`;
const RULES = `${CONSOLE}/scan-rules`;
const SENTENCES: readonly string[] = ["bad_template", "bad_scan_rules", "version_changed"];

/** What headquarters does not take as it is comes back with its own sentence, written for who edits. */
async function judge<Told>(path: string, body: object): Promise<Judged<Told>> {
  const answer = await call("POST", path, body);
  if (SENTENCES.includes(codeOf(answer))) return { told: null, why: (answer.body as { detail: string }).detail };
  if (answer.status >= 400) throw refusal(answer);
  return { told: answer.body as Told, why: null };
}

/** Every version with all that its writer left out. */
function whole(shelf: Shelf<ScanRules>): Shelf<ScanRules> {
  const body = (one: ScanRules | null) => one && completed(one, shelf.standard);
  const version = (one: Version<ScanRules>) => ({ ...one, body: body(one.body) });
  const kept = (one: Kept<ScanRules> | null) => one && { ...version(one), earlier: one.earlier.map(version) };
  const stores = shelf.stores.map((place) => ({ ...place, kept: kept(place.kept), imported: body(place.imported) }));
  return { chain: kept(shelf.chain), stores, standard: completed(shelf.standard, shelf.standard) };
}

export function connect(): Hq {
  return {
    remembered: () => sessionStorage.getItem(SLOT) !== null,
    signIn,
    signOut: () => sessionStorage.removeItem(SLOT),
    overview: () => ask<Overview>("GET", `${CONSOLE}/overview`),
    async members(query, limit) {
      const rows = await ask<WireMember[]>("GET", `${CONSOLE}/members?query=${encodeURIComponent(query)}&limit=${limit}`);
      return rows.map(memberRow);
    },
    async member(id) {
      return story(await ask<WireStory>("GET", `${CONSOLE}/members/${encodeURIComponent(id)}`));
    },
    async sales(limit) {
      const rows = await ask<WireSale[]>("GET", `${CONSOLE}/sales?limit=${limit}`);
      return rows.map(saleRow);
    },
    async tills() {
      const rows = await ask<WireTill[]>("GET", `${CONSOLE}/tills`);
      return rows.filter((row) => !row.revoked).map(tillRow);
    },
    async openCases() {
      const rows = await ask<WireCase[]>("GET", `${CONSOLE}/cases?state=open`);
      return rows.map(caseRow);
    },
    night: (date) => ask<NightStory>("GET", `${CONSOLE}/nights/${date ?? "newest"}`),
    resolve,
    templates: () => ask<Templates>("GET", TEMPLATES),
    saveTemplate: (store, edited, body) => judge<KeptTemplate>(TEMPLATES, { store, edited, body }),
    showPaper: (asked) => judge<PaperShown>(`${TEMPLATES}/preview`, asked),
    makeLogo: (png, paper) => judge<Picture>(`${TEMPLATES}/logo`, { png, paper }),
    scanRules: async () => whole(await ask<Shelf<ScanRules>>("GET", RULES)),
    saveScanRules: (store, edited, body) => judge<Kept<ScanRules>>(RULES, { store, edited, body }),
    tryCode: (rules, code, screen) => judge<Tried>(`${RULES}/try`, { rules, code, screen }),
  };
}
