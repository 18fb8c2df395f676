-- Nothing personal is left; the id stays, so that what names it still finds that it was erased.
UPDATE member SET card_no = '', phone_hash = zeroblob(32), phone_mask = '', last4 = '', name = '', pinyin = '',
  initials = '', state = 'erased', quota = 0
WHERE id = ?1
