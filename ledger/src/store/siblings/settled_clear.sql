-- Another log begins: what was decided in the one before says nothing.
DELETE FROM sib_settled
