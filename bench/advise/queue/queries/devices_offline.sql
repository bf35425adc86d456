SELECT id, account_id FROM devices WHERE status = 'active' AND last_seen_at < '2025-10-20';
