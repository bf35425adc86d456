SELECT hits FROM rate_limits WHERE key = 'account:417';
