-- HQ went back in time: its watermarks are what it says now. Verdicts that never came here stay to be asked for.
UPDATE stream SET received = ?2, decided = min(decided, ?3), stable = ?4 WHERE no = ?1
