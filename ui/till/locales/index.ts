// The two languages of the window. Chinese is the first; a test keeps the keys of both equal.
import { createI18n } from "vue-i18n";
import en from "./en.json";
import zh from "./zh-CN.json";

export function createWords(locale: string) {
  return createI18n({ legacy: false, locale, fallbackLocale: "zh-CN", messages: { "zh-CN": zh, en } });
}
