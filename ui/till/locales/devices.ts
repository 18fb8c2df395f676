// What is the matter with a device and what to do: the till's own words in Chinese, by the cause in other languages.
import { computed, type ComputedRef, type Ref } from "vue";
import { useI18n } from "vue-i18n";
import type { DeviceCause } from "@kit/generated/DeviceCause";
import type { DeviceRoleView } from "@kit/generated/DeviceRoleView";
import type { DeviceView } from "@kit/generated/DeviceView";
import type { PrinterStatus } from "@kit/generated/PrinterStatus";

export interface DeviceWords {
  text: string;
  hint: string;
}

/** The key of a cause: what is absent is told by what it is for. */
const keyOf = (cause: DeviceCause, role: DeviceRoleView) =>
  cause === "absent" || (cause === "refused" && role !== "printer") ? `absent_${role}` : cause;

/** Where it is looked for helps only when it is not found there. */
const AWAY: ReadonlySet<DeviceCause> = new Set(["absent", "refused", "occupied", "bad_address"]);

export function useDeviceWords(): (device: DeviceView) => DeviceWords {
  const { t, locale } = useI18n();
  return ({ role, state, cause, text, hint }) => {
    if (locale.value === "zh-CN" && text) return { text, hint };
    if (!cause) return { text: t(`device.state.${state}`), hint: "" };
    const key = `device.cause.${keyOf(cause, role)}`;
    return { text: t(`${key}.text`), hint: t(`${key}.hint`) };
  };
}

export function usePrinterSentence(printer: Ref<PrinterStatus | null>): ComputedRef<string> {
  const { t, locale } = useI18n();
  return computed(() => {
    if (!printer.value) return "";
    const { state, text, cause, place } = printer.value;
    if (locale.value === "zh-CN" && text) return text;
    if (!cause || state === "asks") return t(`printer.state.${state}`);
    const key = `device.cause.${keyOf(cause, "printer")}`;
    return t("printer.trouble", { place: AWAY.has(cause) ? place : "", text: t(`${key}.text`), hint: t(`${key}.hint`) }).replace(" :", ":");
  });
}

/** Empty while no device is in trouble. */
export function useDeviceSentence(device: Ref<DeviceView | null>): ComputedRef<string> {
  const { t } = useI18n();
  const words = useDeviceWords();
  return computed(() => {
    if (!device.value) return "";
    const { text, hint } = words(device.value);
    return t("device.trouble", { name: device.value.name, text, hint });
  });
}
