// Versions of the headquarters in memory.
import type { Judged, Kept, Shelf } from "../shelf";

type Stores = readonly { id: string; name: string }[];

export function emptyShelf<Body>(stores: Stores, standard: Body): Shelf<Body> {
  return { chain: null, stores: stores.map(({ id, name }) => ({ store: id, name, kept: null, imported: null })), standard };
}

/** Keeps a new version on top of `edited`, when nobody was first and nothing is wrong with it. */
export function keep<Body>(shelf: Shelf<Body>, now: Date, store: string | null, edited: number, body: Body | null, why: string | null): Judged<Kept<Body>> {
  const place = shelf.stores.find((one) => one.store === store);
  const before = store === null ? shelf.chain : (place?.kept ?? null);
  if ((before?.version ?? 0) !== edited) return { told: null, why: "别人刚保存了新版本,请重新打开再改" };
  if (why) return { told: null, why };
  const earlier = before ? [before, ...before.earlier] : [];
  const made: Kept<Body> = { version: edited + 1, saved_at: now.toISOString(), saved_by: "admin", body: structuredClone(body), earlier };
  if (store === null) shelf.chain = made;
  else if (place) place.kept = made;
  return { told: made, why: null };
}
