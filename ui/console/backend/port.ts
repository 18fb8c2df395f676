// The one door between the pages and headquarters: what may be asked, and what it answers.
// Money is whole fen, points are whole points, times are RFC 3339.
import type { RulesDesk } from "./rules";
import type { TemplateDesk } from "./template";

/** `must_change`: right, but a one-time password; sign in again with a new one beside it. */
export interface SignedIn {
  must_change: boolean;
}

export interface Overview {
  business_day: string;
  stores: { id: string; name: string }[];
  members: number;
  /** Of the business day that runs in each store; the total is sales minus refunds. */
  sales_today: { count: number; refunds: number; total_fen: number };
}

export interface MemberRow {
  id: string;
  card_no: string;
  name_masked: string;
  phone_masked: string;
  tier: string;
  state: "provisional" | "active" | "blocked" | "erased";
  home_store: string;
  joined_at: string;
  points: number;
}

export interface Entry {
  lsn: number;
  n: number;
  at: string;
  unit: "points" | "fen";
  delta: number;
  balance_after: number;
  /** `earn`, `redeem`, `refund_earn`, `refund_redeem`, `opening`, … */
  reason: string;
  /** The till whose event caused it; null when headquarters did. */
  terminal: number | null;
  receipt_no: string | null;
}

export interface MemberStory {
  member: MemberRow;
  /** Newest first. */
  entries: Entry[];
}

/** `name_masked` is empty until it is known. */
export interface MemberName {
  id: string;
  name_masked: string;
}

export type Verdict = "applied" | "applied_with_exception" | "parked" | "quarantined";

export interface SaleRow {
  terminal: number;
  epoch: string;
  seq: number;
  kind: "sale" | "refund";
  receipt_no: string;
  at: string;
  store: string;
  /** Negative for a refund. */
  total_fen: number;
  member: MemberName | null;
  points_earned: number;
  points_redeemed: number;
  /** Null: received, not decided yet. */
  verdict: Verdict | null;
  code: string | null;
  case: string | null;
}

export interface TillRow {
  terminal: number;
  store: string;
  till_no: number;
  app_version: string;
  received_through: number;
  decided_through: number;
  last_contact_at: string;
  /** By headquarters' clock. */
  silent_ms: number;
  /** Events that the till said it has and headquarters does not have. */
  unreceived: number;
}

export interface CaseRow {
  id: string;
  version: number;
  /** `overdraft`, `coupon_reuse`, `over_refund`, `merge_candidate`, `day_differs`, …: PROTOCOL, "Verdict codes". */
  code: string;
  store: string;
  terminal: number;
  opened_at: string;
  /** What is at stake: fen or points; below 0 when the member got too little. */
  unit: "points" | "fen";
  amount: number;
  receipt_no: string | null;
  /** The earlier member of a `merge_candidate`. */
  other: MemberName | null;
  member: MemberName | null;
  /** `store`, `headquarters`, or the name of the operator who looks after it. */
  owner: string;
  /** The first is what HQ proposes. */
  choices: string[];
}

export interface Resolved {
  /** False: somebody else was first; `at` and `choice` tell when and how, as far as known. */
  mine: boolean;
  at: string | null;
  choice: string | null;
}

/** `quiet`: nothing was sold and nothing is outstanding; `missing`: the close has not arrived; `no_till`: none in service. */
export type NightState = "agreed" | "quiet" | "differs" | "missing" | "no_till";

export interface TillNight {
  terminal: number;
  till_no: number;
  state: NightState;
  /** Null without a close: unknown, not zero. */
  till_total_fen: number | null;
  hq_total_fen: number;
  /** Names of the figures that differ. */
  differs: string[];
}

export interface StoreNight {
  store: string;
  name: string;
  state: NightState;
  till_total_fen: number | null;
  hq_total_fen: number;
  /** Came after the books of the day were closed and stands on a later one. */
  late_of_fen: number;
  /** Of earlier days, booked on this one. */
  late_in_fen: number;
  tills: TillNight[];
}

export interface Night {
  date: string;
  agreed: number;
  differ: number;
  missing: number;
  stores: StoreNight[];
}

/** A day counted again from its facts. `closed`: the books of every store are. */
export interface NightStory {
  newest: string;
  closed: boolean;
  night: Night;
}

/** What can go wrong, as the pages tell it. `unreachable`: nothing was answered. */
export type RefusalCode = "unauthorised" | "wrong_password" | "weak_password" | "locked" | "not_found" | "unreachable" | "internal";

export class Refused extends Error {
  constructor(readonly code: RefusalCode) {
    super(code);
  }
}

/** Every call fails with `Refused` and with nothing else. */
export interface Hq extends TemplateDesk, RulesDesk {
  /** True when a session of this tab may still be good. */
  remembered(): boolean;
  /** `new_password`: the one to use from now on, in exchange for a one-time password. */
  signIn(password: string, new_password?: string): Promise<SignedIn>;
  signOut(): void;
  overview(): Promise<Overview>;
  members(query: string, limit: number): Promise<MemberRow[]>;
  member(id: string): Promise<MemberStory>;
  sales(limit: number): Promise<SaleRow[]>;
  tills(): Promise<TillRow[]>;
  openCases(): Promise<CaseRow[]>;
  /** `date`: "2026-11-21"; null for the newest that is worth a look. */
  night(date: string | null): Promise<NightStory>;
  resolve(id: string, version: number, choice: string): Promise<Resolved>;
}
