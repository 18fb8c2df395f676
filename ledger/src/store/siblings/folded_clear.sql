-- Another log begins: what was folded of the one before says nothing.
DELETE FROM sib_folded
