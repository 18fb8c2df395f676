-- A slip that waited too long, or was tried too often, prints only after somebody said so.
ALTER TABLE print_queue ADD COLUMN released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1));
-- Who decided about an uncertain or old slip; NULL when nobody had to.
ALTER TABLE print_queue ADD COLUMN decided_by TEXT;
ALTER TABLE print_done ADD COLUMN decided_by TEXT;
