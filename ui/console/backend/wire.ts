// Headquarters' JSON as it comes, and the rows that pages read made of it.
import type { CaseRow, Entry, MemberName, MemberRow, MemberStory, SaleRow, TillRow, Verdict } from "./port";

export interface WireMember extends Omit<MemberRow, "phone_masked"> {
  phone_mask: string;
}

export interface WireEntry extends Omit<Entry, "terminal" | "receipt_no"> {
  /** `event:<terminal>/<epoch>/<seq>`, `job:<name>`, `case:<id>`. */
  cause: string;
}

export interface WireStory extends WireMember {
  entries: WireEntry[];
}

export interface WireSale extends Omit<SaleRow, "at" | "member" | "verdict" | "code" | "case"> {
  received_at: string;
  member: string | null;
  verdict?: Verdict;
  code?: string;
  case?: string;
}

export interface WireTill {
  terminal: number;
  store: string;
  till_no: number;
  app_version: string;
  last_contact: string;
  silent_ms: number;
  received: number;
  decided: number;
  unreceived: number | null;
  revoked: boolean;
}

export interface WireCase {
  id: string;
  kind: string;
  version: number;
  store: string;
  event: { terminal: number; epoch: string; seq: number };
  member: string | null;
  other: string | null;
  unit: CaseRow["unit"];
  amount: number;
  opened_at: string;
  closed_at: string | null;
  choice: string | null;
  choices: string[];
}

/** The event of a cause as `terminal/epoch/seq`; null when headquarters was the cause. */
export function eventOf(cause: string): string | null {
  return cause.startsWith("event:") ? cause.slice("event:".length) : null;
}

export const eventOfCase = ({ event }: WireCase) => `${event.terminal}/${event.epoch}/${event.seq}`;

export function memberRow({ phone_mask, ...rest }: WireMember): MemberRow {
  return { ...rest, phone_masked: phone_mask };
}

/** The receipt number in an event's line; null when it has none. */
export function receiptIn(line: string): string | null {
  const { body } = JSON.parse(line) as { body?: { receipt_no?: string } };
  return body?.receipt_no ?? null;
}

export function story(wire: WireStory, receipts: ReadonlyMap<string, string | null>): MemberStory {
  const { entries, ...member } = wire;
  const entry = ({ cause, ...rest }: WireEntry): Entry => {
    const event = eventOf(cause);
    const terminal = event === null ? null : Number(event.split("/")[0]);
    return { ...rest, terminal, receipt_no: event === null ? null : (receipts.get(event) ?? null) };
  };
  return { member: memberRow(member), entries: entries.map(entry) };
}

function named(id: string | null, names: ReadonlyMap<string, string>): MemberName | null {
  return id === null ? null : { id, name_masked: names.get(id) ?? "" };
}

export function saleRow(wire: WireSale, names: ReadonlyMap<string, string>): SaleRow {
  const { received_at, member, verdict = null, code = null, ...rest } = wire;
  return { ...rest, at: received_at, member: named(member, names), verdict, code, case: wire.case ?? null };
}

export function tillRow(wire: WireTill): TillRow {
  const { terminal, store, till_no, app_version, silent_ms } = wire;
  return {
    terminal, store, till_no, app_version, silent_ms,
    last_contact_at: wire.last_contact,
    received_through: wire.received,
    decided_through: wire.decided,
    unreceived: wire.unreceived ?? 0,
  };
}

export function caseRow(wire: WireCase, names: ReadonlyMap<string, string>, receipts: ReadonlyMap<string, string | null>): CaseRow {
  const { id, version, store, unit, amount, opened_at, choices } = wire;
  return {
    id, version, store, unit, amount, opened_at, choices,
    code: wire.kind,
    terminal: wire.event.terminal,
    receipt_no: receipts.get(eventOfCase(wire)) ?? null,
    member: named(wire.member, names),
    other: named(wire.other, names),
  };
}
