// Headquarters' JSON as it comes, and the rows that pages read made of it.
import type { CaseRow, Entry, MemberName, MemberRow, MemberStory, SaleRow, TillRow, Verdict } from "./port";

export interface WireMember extends Omit<MemberRow, "phone_masked"> {
  phone_mask: string;
}

export interface WireEntry extends Omit<Entry, "terminal"> {
  /** `event:<terminal>/<epoch>/<seq>`, `job:<name>`, `case:<id>`. */
  cause: string;
}

export interface WireStory extends WireMember {
  entries: WireEntry[];
}

export interface WireSale extends Omit<SaleRow, "at" | "member" | "verdict" | "code" | "case"> {
  received_at: string;
  member: string | null;
  member_name_masked: string | null;
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
  receipt_no: string | null;
  member: string | null;
  member_name_masked: string | null;
  other: string | null;
  other_name_masked: string | null;
  unit: CaseRow["unit"];
  amount: number;
  opened_at: string;
  closed_at: string | null;
  choice: string | null;
  owner: string;
  proposal: string;
  choices: string[];
}

/** The terminal of a cause's event; null when headquarters was the cause. */
function terminalOf(cause: string): number | null {
  const terminal = /^event:(\d+)\//.exec(cause)?.[1];
  return terminal === undefined ? null : Number(terminal);
}

export function memberRow({ phone_mask, ...rest }: WireMember): MemberRow {
  return { ...rest, phone_masked: phone_mask };
}

export function story(wire: WireStory): MemberStory {
  const { entries, ...member } = wire;
  const entry = ({ cause, ...rest }: WireEntry): Entry => ({ ...rest, terminal: terminalOf(cause) });
  return { member: memberRow(member), entries: entries.map(entry) };
}

function named(id: string | null, name_masked: string | null): MemberName | null {
  return id === null ? null : { id, name_masked: name_masked ?? "" };
}

export function saleRow(wire: WireSale): SaleRow {
  const { received_at, member, member_name_masked, verdict = null, code = null, ...rest } = wire;
  return { ...rest, at: received_at, member: named(member, member_name_masked), verdict, code, case: wire.case ?? null };
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

export function caseRow(wire: WireCase): CaseRow {
  const { id, version, store, unit, amount, opened_at, owner, receipt_no } = wire;
  return {
    id, version, store, unit, amount, opened_at, owner, receipt_no,
    choices: [wire.proposal, ...wire.choices.filter((choice) => choice !== wire.proposal)],
    code: wire.kind,
    terminal: wire.event.terminal,
    member: named(wire.member, wire.member_name_masked),
    other: named(wire.other, wire.other_name_masked),
  };
}
