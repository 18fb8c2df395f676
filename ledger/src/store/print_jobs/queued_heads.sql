-- What tells whether a waiting job asks first; the kind is in the id, so the papers themselves are not read.
SELECT id, created_at, attempts, released FROM print_queue WHERE state = 'queued'
