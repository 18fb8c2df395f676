// Deciding a case: once, and with a plain word when somebody else was first.
import { ref, type Ref } from "vue";
import { useI18n } from "vue-i18n";
import { Refused, type CaseRow, type Resolved } from "../backend/port";
import { moment } from "../format/time";
import { useSession } from "./session";
import { useTrade } from "./words";

export interface Said {
  tone: "info" | "warn";
  code: "mine" | "taken" | "failed";
  message: string;
  hint: string;
}

export interface Deciding {
  said: Ref<Said | null>;
  busy: Ref<boolean>;
  decide(row: CaseRow, choice: string): Promise<void>;
}

export function useDeciding(after: () => Promise<void>): Deciding {
  const { t } = useI18n();
  const { choice: choiceWord } = useTrade();
  const session = useSession();
  const said: Ref<Said | null> = ref(null);
  const busy = ref(false);

  function tell(answer: Resolved): Said {
    const choice = answer.choice === null ? "" : choiceWord(answer.choice);
    if (answer.mine) return { tone: "info", code: "mine", message: t("cases.mine", { choice }), hint: "" };
    const known = answer.choice !== null && answer.at !== null;
    const hint = known ? t("cases.taken_next", { choice, time: moment(answer.at ?? "", new Date()) }) : t("cases.taken_plain");
    return { tone: "warn", code: "taken", message: t("cases.taken"), hint };
  }

  async function decide(row: CaseRow, choice: string): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      said.value = tell(await session.ask((hq) => hq.resolve(row.id, row.version, choice)));
      await after();
    } catch (reason) {
      const code = reason instanceof Refused ? reason.code : "internal";
      said.value = { tone: "warn", code: "failed", message: t(`failure.${code}`), hint: "" };
    } finally {
      busy.value = false;
    }
  }

  return { said, busy, decide };
}
