// Who is signed in, and whether headquarters answers. Every question of a page goes through `ask`.
import { inject, reactive, type InjectionKey } from "vue";
import { Refused, type Hq, type RefusalCode } from "../backend/port";

export type Gate = "signed_out" | "must_change" | "open";

export interface SessionState {
  gate: Gate;
  /** Null: the last answer came. */
  trouble: RefusalCode | null;
  /** When the last answer came. */
  answered_at: Date | null;
}

export interface Session {
  state: SessionState;
  signIn(password: string): Promise<void>;
  /** Exchanges the one-time password that was just given for the one to use from now on. */
  changePassword(fresh: string): Promise<void>;
  signOut(): void;
  /** Asks headquarters; a session that has run out leads back to the sign-in page. */
  ask<Answer>(question: (hq: Hq) => Promise<Answer>): Promise<Answer>;
}

export const sessionKey: InjectionKey<Session> = Symbol("session");

export function useSession(): Session {
  const session = inject(sessionKey);
  if (!session) throw new Error("a page stands outside the session");
  return session;
}

function codeOf(reason: unknown): RefusalCode {
  return reason instanceof Refused ? reason.code : "internal";
}

export function createSession(hq: Hq): Session {
  const state = reactive<SessionState>({
    gate: hq.remembered() ? "open" : "signed_out",
    trouble: null,
    answered_at: null,
  });

  /** Held from the first to the second step of the exchange, and no longer. */
  let one_time = "";

  function signOut(): void {
    hq.signOut();
    Object.assign(state, { gate: "signed_out", trouble: null, answered_at: null });
  }

  return {
    state,
    async signIn(password) {
      const { must_change } = await hq.signIn(password);
      one_time = must_change ? password : "";
      state.gate = must_change ? "must_change" : "open";
    },
    async changePassword(fresh) {
      await hq.signIn(one_time, fresh);
      one_time = "";
      state.gate = "open";
    },
    signOut,
    async ask(question) {
      try {
        const answer = await question(hq);
        Object.assign(state, { trouble: null, answered_at: new Date() });
        return answer;
      } catch (reason) {
        const code = codeOf(reason);
        if (code === "unauthorised") signOut();
        else state.trouble = code;
        throw reason;
      }
    },
  };
}
