// Rules for codes of the headquarters in memory. It knows labels, cards and payment codes; the real one asks the tills' own code.
import type { CodeKind, RulesDesk, ScanRules, ScreenFor, Tried } from "../rules";
import { emptyShelf, keep } from "./shelf";

export const USUAL: ScanRules = {
  scale: [{ prefixes: [20, 29], layout: "amount13", amount_unit_fen: 1, weight_unit_g: 1 }],
  cards: [{ prefix: "8600", length: 13, luhn: true }],
};

function troubleOf({ scale, cards }: ScanRules): string | null {
  const odd = scale.findIndex(({ prefixes: [from, to] }) => from < 20 || to > 29 || from > to);
  if (odd >= 0) return `第 ${odd + 1} 条秤码规则:开头只能是 20 到 29,那是店内码`;
  const empty = cards.findIndex(({ prefix }) => !/^\d+$/.test(prefix));
  return empty >= 0 ? `第 ${empty + 1} 条会员卡规则:开头要写数字` : null;
}

function taken({ scale, cards }: ScanRules, code: string, screen: ScreenFor): Partial<Tried> & { kind: CodeKind } {
  if (/^1[0-5]\d{16}$/.test(code)) return { kind: "payment", shown: `…${code.slice(-4)}`, reason: "付款码的位数和开头,不记录" };
  if (cards.some(({ prefix, length }) => code.length === length && code.startsWith(prefix))) return { kind: "member", reason: "会员卡号,按本店的卡号规则" };
  const first = Number(code.slice(0, 2));
  const rule = scale.find(({ prefixes: [from, to], layout }) => code.length === Number(layout.slice(-2)) && first >= from && first <= to);
  if (!rule) return screen === "selling" && code.length === 13 ? { kind: "goods", reason: "商品条码,校验位正确", check_digit: true } : { kind: "unknown", reason: "不认识的码" };
  const field = Number(code.slice(7, 12));
  const figures = rule.layout.startsWith("weight") ? { weight_g: field * rule.weight_unit_g } : { amount_fen: field * rule.amount_unit_fen };
  return { kind: "scale_label", reason: "条码秤标签,按本店的秤码规则", check_digit: true, plu: code.slice(2, 7), ...figures };
}

export function fakeRules(now: Date, stores: readonly { id: string; name: string }[], answer: <A>(make: () => A) => Promise<A>): RulesDesk {
  const kept = emptyShelf(stores, USUAL);
  const blank = { symbology: null, check_digit: null, plu: null, amount_fen: null, weight_g: null };
  return {
    scanRules: () => answer(() => structuredClone(kept)),
    saveScanRules: (store, edited, rules) =>
      answer(() => keep(kept, now, store, edited, JSON.parse(JSON.stringify(rules)) as ScanRules | null, rules && troubleOf(rules))),
    tryCode: (rules, code, screen) =>
      answer(() => ({ told: { ...blank, shown: code, reason: "", length: code.length, trouble: troubleOf(rules), ...taken(rules, code, screen) }, why: null })),
  };
}
