// The date as it stands over a shop's door. China's clock, whatever the machine is set to.

const CHINA_AHEAD_MS = 8 * 60 * 60_000;

/** "11月22日 星期日", "Sunday, 22 November". */
export function longDay(now: Date, locale: string): string {
  const wall = new Date(now.getTime() + CHINA_AHEAD_MS);
  const parts = { timeZone: "UTC", month: "long", day: "numeric", weekday: "long" } as const;
  const text = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : "zh-CN", parts).format(wall);
  return text.replace(/(日)(星期)/, "$1 $2");
}
