UPDATE rate_limits SET hits = hits + 1 WHERE key = 'account:417';
