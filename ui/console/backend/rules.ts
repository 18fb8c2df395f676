// How tills tell codes apart. What the rules mean is decided by the tills' own code, which headquarters asks too.
import type { Judged, Kept, Shelf } from "./shelf";

export const LAYOUTS = ["amount13", "weight13", "amount_weight18", "weight_amount18", "weight_unit_price18", "unit_price_weight18"] as const;
export type ScaleLayout = (typeof LAYOUTS)[number];

/** Labels of scales: first two digits from and to, and what the fields are. */
export interface ScaleRule {
  prefixes: [number, number];
  layout: ScaleLayout;
  amount_unit_fen: number;
  weight_unit_g: number;
}

/** Numbers of members' cards. */
export interface CardRule {
  prefix: string;
  length: number;
  luhn: boolean;
}

/** In each list the first rule that fits counts. */
export interface ScanRules {
  scale: ScaleRule[];
  cards: CardRule[];
}

export const CODE_KINDS = [
  "goods", "gs1", "scale_label", "member", "proximity", "bank_card", "coupon", "receipt", "staff", "payment", "phone", "last4", "setup", "text", "unknown",
] as const;
export type CodeKind = (typeof CODE_KINDS)[number];
export const SCREENS = ["selling", "paying"] as const;
export type ScreenFor = (typeof SCREENS)[number];

/** What a till takes a code for. Of what is secret only the end is shown. */
export interface Tried {
  kind: CodeKind;
  shown: string;
  reason: string;
  symbology: string | null;
  length: number;
  check_digit: boolean | null;
  /** Number on a label; its amount and weight. */
  plu: string | null;
  amount_fen: number | null;
  weight_g: number | null;
  /** What keeps the rules from being saved, one sentence. */
  trouble: string | null;
}

export interface RulesDesk {
  scanRules(): Promise<Shelf<ScanRules>>;
  /** `edited`: the version that was changed, 0 if there was none. `store` null: for the whole chain. */
  saveScanRules(store: string | null, edited: number, body: ScanRules | null): Promise<Judged<Kept<ScanRules>>>;
  tryCode(rules: ScanRules, code: string, screen: ScreenFor): Promise<Judged<Tried>>;
}

type Written = { scale?: Partial<ScaleRule>[]; cards?: Partial<CardRule>[] };

/** Rules may be written with parts left out; those are as usual. */
export function completed(written: Written, standard: ScanRules): ScanRules {
  const scale = written.scale?.map((rule) => ({ amount_unit_fen: 1, weight_unit_g: 1, ...rule }) as ScaleRule);
  const cards = written.cards?.map((rule) => ({ luhn: false, ...rule }) as CardRule);
  return { scale: scale ?? standard.scale, cards: cards ?? standard.cards };
}
