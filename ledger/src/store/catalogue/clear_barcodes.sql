-- All barcodes go with their goods.
DELETE FROM barcode
