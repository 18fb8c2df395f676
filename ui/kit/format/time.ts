// Moments as a shop says them. The moment "now" is always passed in.

const two = (value: number) => String(value).padStart(2, "0");

/** "14:08" on the till's own clock. */
export function clock(moment: Date): string {
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** "14:08" today, "11-20 14:08" on another day, of an RFC 3339 time. */
export function moment(rfc3339: string, now: Date): string {
  const then = new Date(rfc3339);
  const same_day = then.toDateString() === now.toDateString();
  return same_day ? clock(then) : `${two(then.getMonth() + 1)}-${two(then.getDate())} ${clock(then)}`;
}

/** Whole minutes from an RFC 3339 time until now, never negative. */
export function minutesSince(rfc3339: string, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - new Date(rfc3339).getTime()) / 60_000));
}

/** "2026-11-21" -> "11-21". */
export function shortDay(day: string): string {
  return day.slice(5);
}
