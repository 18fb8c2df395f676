// A headquarters in memory, for tests and for looking at the pages. It keeps the promises of the real one.
import { night } from "./fake/night";
import { cases, entries, members, sale, STORES, tills } from "./fake/shop";
import { fakeRules } from "./fake/rules";
import { fakeTemplates } from "./fake/template";
import { Refused, type CaseRow, type Hq, type MemberRow, type Resolved, type SaleRow, type TillRow } from "./port";

export interface FakeHq extends Hq {
  /** What the next questions run into; null = nothing. */
  trouble: "unreachable" | "unauthorised" | null;
  rows: { members: MemberRow[]; sales: SaleRow[]; tills: TillRow[]; cases: CaseRow[] };
  /** Another person resolves a case behind the page's back. */
  resolveElsewhere(id: string, choice: string): void;
}

export interface FakeOptions {
  now?: Date;
  empty?: boolean;
  signed_in?: boolean;
  must_change?: boolean;
}

const PASSWORD = "first-of-all";

function startRows(now: Date, empty: boolean): FakeHq["rows"] {
  if (empty) return { members: [], sales: [], tills: [], cases: [] };
  const people = members(now);
  const sales = Array.from({ length: 40 }, (_, n) => sale(now, n, people));
  return { members: people, sales, tills: tills(now), cases: cases(now, people) };
}

/** A headquarters with its rows as asked for. The password is `first-of-all`. */
export function createFake(options: FakeOptions = {}): FakeHq {
  const now = options.now ?? new Date();
  const rows = startRows(now, options.empty ?? false);
  const closed = new Map<string, Resolved>();
  let signed_in = options.signed_in ?? false;

  function answer<Answer>(make: () => Answer): Promise<Answer> {
    if (fake.trouble) return Promise.reject(new Refused(fake.trouble));
    if (!signed_in) return Promise.reject(new Refused("unauthorised"));
    return Promise.resolve().then(make);
  }

  function close(id: string, choice: string): Resolved {
    const resolved = { mine: true, choice, at: now.toISOString() };
    closed.set(id, resolved);
    rows.cases = rows.cases.filter((row) => row.id !== id);
    return resolved;
  }

  const matches = (row: MemberRow, query: string) =>
    [row.name_masked, row.phone_masked, row.card_no].some((text) => text.includes(query));

  const fake: FakeHq = {
    ...fakeTemplates(now, options.empty ? [] : STORES, answer),
    ...fakeRules(now, options.empty ? [] : STORES, answer),
    trouble: null,
    rows,
    remembered: () => signed_in,
    async signIn(password, new_password) {
      if (fake.trouble) throw new Refused(fake.trouble);
      if (password !== PASSWORD) throw new Refused("wrong_password");
      if (options.must_change && new_password === undefined) return { must_change: true };
      if (new_password !== undefined && new_password.length < 10) throw new Refused("weak_password");
      signed_in = true;
      return { must_change: false };
    },
    signOut: () => (signed_in = false),
    overview: () =>
      answer(() => ({
        business_day: now.toISOString().slice(0, 10),
        stores: [...STORES],
        members: rows.members.length,
        sales_today: { count: rows.sales.filter((row) => row.kind === "sale").length, refunds: rows.sales.filter((row) => row.kind === "refund").length, total_fen: rows.sales.reduce((sum, row) => sum + row.total_fen, 0) },
      })),
    members: (query, limit) => answer(() => rows.members.filter((row) => matches(row, query)).slice(0, limit)),
    member: (id) =>
      answer(() => {
        const member = rows.members.find((row) => row.id === id);
        if (!member) throw new Refused("not_found");
        const story = member === rows.members[0] ? entries(now) : [];
        return { member, entries: story };
      }),
    sales: (limit) => answer(() => rows.sales.slice(0, limit)),
    tills: () => answer(() => rows.tills),
    openCases: () => answer(() => rows.cases),
    night: (date) => answer(() => night(now, date, rows.tills)),
    resolve: (id, _version, choice) =>
      answer(() => {
        const before = closed.get(id);
        return before ? { ...before, mine: false } : close(id, choice);
      }),
    resolveElsewhere: (id, choice) => void close(id, choice),
  };
  return fake;
}

/** For looking at pages: `?empty`, `?must_change`, `?signed_in`, `?offline` choose the state. */
export function connect(): Hq {
  const asked = new URLSearchParams(location.search);
  const fake = createFake({ empty: asked.has("empty"), must_change: asked.has("must_change"), signed_in: asked.has("signed_in") });
  if (asked.has("taken")) fake.resolve = async () => ({ mine: false, at: new Date().toISOString(), choice: "store_pays" });
  if (asked.has("offline")) window.setTimeout(() => (fake.trouble = "unreachable"), 500);
  return fake;
}
