// The printer's state as a sentence: the till's own in Chinese, by the state in other languages.
import { computed, type ComputedRef, type Ref } from "vue";
import { useI18n } from "vue-i18n";
import type { PrinterStatus } from "@kit/generated/PrinterStatus";

export function usePrinterSentence(printer: Ref<PrinterStatus | null>): ComputedRef<string> {
  const { t, locale } = useI18n();
  return computed(() => {
    if (!printer.value) return "";
    const { state, text } = printer.value;
    return locale.value === "zh-CN" && text ? text : t(`printer.state.${state}`);
  });
}
