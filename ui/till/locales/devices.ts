// The state of printer and other devices as a sentence: the till's own in Chinese, by the state in other languages.
import { computed, type ComputedRef, type Ref } from "vue";
import { useI18n } from "vue-i18n";
import type { DeviceView } from "@kit/generated/DeviceView";
import type { PrinterStatus } from "@kit/generated/PrinterStatus";

export function usePrinterSentence(printer: Ref<PrinterStatus | null>): ComputedRef<string> {
  const { t, locale } = useI18n();
  return computed(() => {
    if (!printer.value) return "";
    const { state, text } = printer.value;
    return locale.value === "zh-CN" && text ? text : t(`printer.state.${state}`);
  });
}

/** Empty while no device is in trouble. */
export function useDeviceSentence(device: Ref<DeviceView | null>): ComputedRef<string> {
  const { t, locale } = useI18n();
  return computed(() => {
    if (!device.value) return "";
    const { name, state, text } = device.value;
    return t("device.trouble", { name, text: locale.value === "zh-CN" && text ? text : t(`device.state.${state}`) });
  });
}
