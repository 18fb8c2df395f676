// The one place where the window subtracts: a preview while money is being counted out.
// The till decides what is owed and what goes back; this only saves the cashier from doing it in the head.

export interface TenderPreview {
  /** Still to be collected, fen, >= 0. */
  owed_fen: number;
  /** Would go back, fen, >= 0. */
  back_fen: number;
}

/** What is still owed, or goes back, after the amounts collected so far. Whole fen. */
export function previewTenders(due_fen: number, collected_fen: readonly number[]): TenderPreview {
  const rest = collected_fen.reduce((left, amount) => left - amount, due_fen);
  return { owed_fen: Math.max(rest, 0), back_fen: Math.max(-rest, 0) };
}
