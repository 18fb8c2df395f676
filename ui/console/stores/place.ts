// Which page is shown. It lives in the address after `#`, so that reload, back and a pasted link all work.
import { inject, onBeforeUnmount, reactive, type InjectionKey } from "vue";

export const PAGES = ["overview", "members", "sales", "tills", "nights", "cases", "templates", "rules"] as const;
export type Page = (typeof PAGES)[number];

export interface Spot {
  page: Page;
  /** The opened row of the page, when there is one. */
  id: string | null;
}

export interface Place {
  at: Spot;
  go(page: Page, id?: string | null): void;
}

export const placeKey: InjectionKey<Place> = Symbol("place");

export function usePlace(): Place {
  const place = inject(placeKey);
  if (!place) throw new Error("a page stands outside the frame");
  return place;
}

/** "#/members/0192" -> members, 0192. Anything unknown is the overview. */
export function readSpot(hash: string): Spot {
  const [, name, id] = hash.split("/");
  const page = PAGES.find((known) => known === name) ?? "overview";
  return { page, id: page === name && id ? decodeURIComponent(id) : null };
}

export function writeSpot(spot: Spot): string {
  return spot.id === null ? `#/${spot.page}` : `#/${spot.page}/${encodeURIComponent(spot.id)}`;
}

export function createPlace(): Place {
  const at = reactive<Spot>(readSpot(location.hash));
  const follow = () => Object.assign(at, readSpot(location.hash));
  window.addEventListener("hashchange", follow);
  onBeforeUnmount(() => window.removeEventListener("hashchange", follow));
  return {
    at,
    go(page, id = null) {
      const spot = { page, id };
      Object.assign(at, spot);
      location.hash = writeSpot(spot);
    },
  };
}
