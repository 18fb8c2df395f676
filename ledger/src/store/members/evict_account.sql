-- Confirmed stored value of a member of whom this store hears no more.
DELETE FROM account WHERE account = ?1
