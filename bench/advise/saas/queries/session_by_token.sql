SELECT id, user_id, expires_at FROM sessions WHERE token = '10affeeabdccbd23411a8aa0c0efaa3f' AND NOT revoked;
