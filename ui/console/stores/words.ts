// The words for codes that headquarters sends: reasons, verdicts, choices, spans, what a case is about.
import { useI18n } from "vue-i18n";
import { money } from "@kit/format/money";
import { count } from "@kit/format/quantity";
import type { CaseRow, SaleRow, TillRow } from "../backend/port";
import { missing, standingOf } from "../format/lag";
import { span, type Span } from "../format/time";

export function useTrade() {
  const { t, te } = useI18n();

  /** The word for a code; a code nobody translated yet is shown as it is. */
  function word(group: string, code: string): string {
    return te(`${group}.${code}`) ? t(`${group}.${code}`) : code;
  }

  function spanText(length: Span): string {
    return t(`span.${length.unit}`, { count: length.count });
  }

  function stake(unit: CaseRow["unit"], amount: number): string {
    return unit === "fen" ? `¥ ${money(amount)}` : t("overview.points", { count: count(amount) });
  }

  function known(row: CaseRow, group: "story" | "detail"): string {
    return te(`cases.${group}.${row.code}`) ? row.code : "other";
  }

  return {
    spanText,
    stake,
    tier: (code: string) => word("tier", code),
    tierLook: (code: string) => (["gold", "diamond"].includes(code) ? "gold" : ""),
    ago: (length: Span) => t("ago", { span: spanText(length) }),
    reason: (code: string) => word("reason", code),
    choice: (code: string) => word("choice", code),
    owner: (code: string) => word("owner", code),
    verdict: (row: SaleRow) => t(`verdict.${row.verdict ?? "received"}`),
    story: (row: CaseRow) =>
      t(`cases.story.${known(row, "story")}`, { member: row.member?.name_masked || t("cases.someone"), points: count(row.amount) }),
    detail: (row: CaseRow) => t(`cases.detail.${known(row, "detail")}`),
    tillStanding(row: TillRow): string {
      const standing = standingOf(row);
      if (standing === "silent") return t("tills.silent", { span: spanText(span(row.silent_ms / 1000)) });
      return standing === "behind" ? t("tills.behind", { count: count(missing(row)) }) : t("tills.current");
    },
  };
}
