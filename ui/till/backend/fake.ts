// An in-memory till for tests and for looking at the window in a browser. It answers like the real one, and forgets all.
import type { CustomerView } from "@kit/generated/CustomerView";
import type { ReceiptView } from "@kit/generated/ReceiptView";
import type { Screen } from "@kit/generated/Screen";
import type { SyncStatus } from "@kit/generated/SyncStatus";
import { CART } from "./fake/cart";
import { customerOf } from "./fake/customer";
import { DEVICES, LOOKS } from "./fake/devices";
import { newFakeTill, show, type FakeTill } from "./fake/desk";
import { MONEY } from "./fake/money";
import { playScene } from "./fake/scenes";
import type { Answer, Args, Backend, CommandName, Events } from "./port";

type All = { [C in CommandName]: (till: FakeTill, args: Args<C>) => Answer<C> };

function network(till: FakeTill, online: boolean, now: Date): SyncStatus {
  const since = online ? null : now.toISOString();
  Object.assign(till.screen.sync, { online, paused: !online, offline_since: since });
  if (online) Object.assign(till.screen.sync, { unreceived: 0, oldest_unreceived_at: null });
  return till.screen.sync;
}

const COMMANDS: All = {
  ...CART,
  ...MONEY,
  ...DEVICES,
  enrol: (till) => (Object.assign(till.screen, { phase: "signed_out" }), till.screen),
  sync_status: (till) => till.screen.sync,
  sync_now: (till) => till.screen.sync,
  sync_pause: (till) => network(till, false, new Date()),
  sync_resume: (till) => network(till, true, new Date()),
  strip_dismiss: (till) => ((till.screen.strip = null), null),
  settings_language: (till, { language }) => ((till.screen.language = language), null),
  customer_screen: (till) => customerOf(till.screen),
  customer_window: (till, { window }) => ((till.screen.customer_window = window), null),
  screen: (till) => till.screen,
};

export interface Fake extends Backend {
  till: FakeTill;
  /** Tells the window what has changed without being asked. */
  tell(): void;
}

export function createFake(): Fake {
  const till = newFakeTill();
  const screens: ((screen: Screen) => void)[] = [];
  const customers: ((view: CustomerView) => void)[] = [];
  const tell = () => {
    show(till);
    screens.forEach((hear) => hear(structuredClone(till.screen)));
    customers.forEach((hear) => hear(structuredClone(customerOf(till.screen))));
  };
  return {
    till,
    tell,
    async invoke<C extends CommandName>(command: C, args: Args<C>): Promise<Answer<C>> {
      if (!LOOKS.has(command)) till.asked.push({ command, args });
      const answer = COMMANDS[command](till, args);
      if (!LOOKS.has(command)) tell();
      return structuredClone(answer);
    },
    async on<E extends keyof Events>(event: E, hear: (payload: Events[E]) => void) {
      if (event === "screen") screens.push(hear as (screen: Screen) => void);
      else if (event === "customer") customers.push(hear as (view: CustomerView) => void);
      else till.papers.push(hear as (paper: ReceiptView) => void);
      return () => {};
    },
  };
}

/** What a browser gets: `?scene=NAME` opens the window in that state. */
export function connect(): Backend {
  const fake = createFake();
  playScene(fake.till, new URLSearchParams(location.search), new Date());
  show(fake.till);
  return fake;
}
