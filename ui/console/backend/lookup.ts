// What a row only names (a member, an event) is looked up once and remembered; it does not change.

/** Most new look-ups for one answer; what is left over comes with the next refresh. */
const FRESH_MAX = 20;

export type Lookup<Value> = (keys: readonly (string | null)[]) => Promise<ReadonlyMap<string, Value>>;

export function createLookup<Value>(ask: (key: string) => Promise<Value>): Lookup<Value> {
  const known = new Map<string, Value>();

  async function learn(key: string): Promise<void> {
    try {
      known.set(key, await ask(key));
    } catch {
      // A row without its name is still a row; the next refresh asks again.
    }
  }

  return async (keys) => {
    const fresh = new Set(keys.filter((key): key is string => key !== null && !known.has(key)));
    await Promise.all([...fresh].slice(0, FRESH_MAX).map(learn));
    return known;
  };
}
