-- How many pages the filter has: they are numbered from 0 without a gap.
SELECT coalesce(max(no) + 1, 0) FROM existence
