// The two languages of the pages. Chinese is the first; a test keeps the keys of both equal.
import { createI18n } from "vue-i18n";
import en from "./en.json";
import zh from "./zh-CN.json";

const SLOT = "suanpan.language";

export type Language = "zh-CN" | "en";

export function createWords(locale: Language) {
  return createI18n({ legacy: false, locale, fallbackLocale: "zh-CN", messages: { "zh-CN": zh, en } });
}

export function rememberedLanguage(): Language {
  return localStorage.getItem(SLOT) === "en" ? "en" : "zh-CN";
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(SLOT, language);
  document.documentElement.lang = language;
}
