// The real till behind the window. The only file that knows Tauri.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { asFailure, type Answer, type Args, type Backend, type CommandName, type Events } from "./port";

export function connect(): Backend {
  return {
    async invoke<C extends CommandName>(command: C, args: Args<C>): Promise<Answer<C>> {
      try {
        return await invoke<Answer<C>>(command, args === null ? {} : { args });
      } catch (thrown) {
        throw asFailure(thrown);
      }
    },
    on: <E extends keyof Events>(event: E, hear: (payload: Events[E]) => void) =>
      listen<Events[E]>(event, ({ payload }) => hear(payload)),
  };
}
