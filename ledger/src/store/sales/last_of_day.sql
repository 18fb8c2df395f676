-- The newest running number of an earlier day: only after the clock was set back.
SELECT max(run) FROM sale WHERE day = ?1
