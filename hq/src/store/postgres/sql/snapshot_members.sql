-- Every member, other names too, with balance and this store's quota.
SELECT m.id, m.root, m.card_no, m.phone_hash, m.phone_mask, m.name, m.tier, m.state, m.home_store,
  m.joined_at, coalesce(a.balance, 0), coalesce(q.points, 0)
FROM member m
LEFT JOIN account a ON a.shard = m.shard AND a.account = 'member:' || m.id AND a.unit = 'points'
LEFT JOIN quota q ON q.shard = m.shard AND q.member = m.id AND q.store = $1
ORDER BY m.shard, m.id
