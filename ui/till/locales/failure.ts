// What the till says about a failure is Chinese; other languages are looked up by its code.
import { useI18n } from "vue-i18n";
import { amountIn } from "@kit/format/money";

export interface Told {
  code: string;
  message: string;
  hint: string;
}

export function useTold(): (told: Told) => Told {
  const { t, te, locale } = useI18n();
  return (told) => {
    const chinese = locale.value === "zh-CN";
    if ((chinese && told.message !== "") || !te(`failure.${told.code}.message`)) return told;
    const amount = amountIn(told.hint) ?? amountIn(told.message) ?? "";
    return {
      code: told.code,
      message: t(`failure.${told.code}.message`, { amount }),
      hint: t(`failure.${told.code}.hint`, { amount }),
    };
  };
}
