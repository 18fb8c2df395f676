-- How a store's scale labels and members' cards look, JSON; null means as usual.
ALTER TABLE store ADD COLUMN scan_rules text NOT NULL DEFAULT 'null';
