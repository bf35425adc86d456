UPDATE sessions SET touched_at = '2025-11-03' WHERE id = 198123;
