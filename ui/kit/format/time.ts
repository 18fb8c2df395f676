// Moments as a shop says them. The moment "now" is always passed in.

const two = (value: number) => String(value).padStart(2, "0");

// China has one zone and no summer time; receipts and headquarters use it too, whatever the machine is set to.
const CHINA_AHEAD_MS = 8 * 60 * 60_000;

/** The same moment with the shop's wall clock in its UTC fields. */
const inShop = (moment: Date) => new Date(moment.getTime() + CHINA_AHEAD_MS);

/** "14:08" on the shop's clock. */
export function clock(moment: Date): string {
  const wall = inShop(moment);
  return `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`;
}

/** "14:08" today, "11-20 14:08" on another day, of an RFC 3339 time. */
export function moment(rfc3339: string, now: Date): string {
  const then = new Date(rfc3339);
  const day = inShop(then).toISOString().slice(0, 10);
  return day === inShop(now).toISOString().slice(0, 10) ? clock(then) : `${shortDay(day)} ${clock(then)}`;
}

/** Whole minutes from an RFC 3339 time until now, never negative. */
export function minutesSince(rfc3339: string, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - new Date(rfc3339).getTime()) / 60_000));
}

/** "2026-11-21" -> "11-21". */
export function shortDay(day: string): string {
  return day.slice(5);
}
