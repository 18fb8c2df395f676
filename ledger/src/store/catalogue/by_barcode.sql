-- The article with this barcode.
SELECT body FROM item WHERE no = (SELECT item FROM barcode WHERE code = ?1)
