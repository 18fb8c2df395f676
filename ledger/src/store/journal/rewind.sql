-- HQ went back in time: its watermarks are what it says now.
UPDATE stream SET received = ?2, decided = ?3, stable = ?4 WHERE no = ?1
