-- One provisional posting.
INSERT INTO pending (place, leg, account, unit, delta, spend) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
