-- All goods go: a newer catalogue follows in the same transaction.
DELETE FROM item
