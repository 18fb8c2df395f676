-- Ids of jobs that wait; the kind is in the id, so the papers themselves are not read.
SELECT id FROM print_queue WHERE state = 'queued'
