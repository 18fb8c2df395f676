// Moments and durations as headquarters says them. Shops stand in China: every time is shown in China's zone,
// wherever the browser is. "now" is always passed in.

const ZONE_MS = 8 * 3_600_000;
const two = (value: number) => String(value).padStart(2, "0");

/** The moment shifted so that its UTC fields read as China's wall clock (no summer time there). */
function inChina(moment: Date): Date {
  return new Date(moment.getTime() + ZONE_MS);
}

function dayOf(moment: Date): string {
  const day = inChina(moment);
  return `${day.getUTCFullYear()}-${two(day.getUTCMonth() + 1)}-${two(day.getUTCDate())}`;
}

/** "2026-11-21" of an RFC 3339 time. */
export function day(rfc3339: string): string {
  return dayOf(new Date(rfc3339));
}

/** "14:08:05" in China. */
export function clock(moment: Date): string {
  const time = inChina(moment);
  return `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
}

/** "14:08:05" today, "11-20 14:08" this year, "2025-11-20" before. */
export function moment(rfc3339: string, now: Date): string {
  const then = new Date(rfc3339);
  const date = dayOf(then);
  const today = dayOf(now);
  if (date === today) return clock(then);
  return date.slice(0, 4) === today.slice(0, 4) ? `${date.slice(5)} ${clock(then).slice(0, 5)}` : date;
}

export interface Span {
  unit: "seconds" | "minutes" | "hours" | "days";
  count: number;
}

/** A duration in the one unit a person would use. */
export function span(seconds: number): Span {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return { unit: "seconds", count: whole };
  if (whole < 3600) return { unit: "minutes", count: Math.floor(whole / 60) };
  if (whole < 86_400) return { unit: "hours", count: Math.floor(whole / 3600) };
  return { unit: "days", count: Math.floor(whole / 86_400) };
}

/** Since an RFC 3339 time, never negative. */
export function spanSince(rfc3339: string, now: Date): Span {
  return span((now.getTime() - new Date(rfc3339).getTime()) / 1000);
}
