// What people at headquarters keep in versions: for the chain, and for stores that have their own.

/** `body` null: the store follows the chain, the chain what the tills do by themselves. */
export interface Version<Body> {
  version: number;
  saved_at: string;
  saved_by: string;
  body: Body | null;
}

export interface Kept<Body> extends Version<Body> {
  /** Newest first. */
  earlier: Version<Body>[];
}

export interface Place<Body> {
  store: string;
  name: string;
  kept: Kept<Body> | null;
  /** Came with the store's import; counts until something is kept. */
  imported: Body | null;
}

export interface Shelf<Body> {
  chain: Kept<Body> | null;
  stores: Place<Body>[];
  /** What the tills do by themselves. */
  standard: Body;
}

/** Either what was asked for, or one sentence why not. */
export type Judged<Told> = { told: Told; why: null } | { told: null; why: string };
