SELECT response FROM idempotency_keys WHERE key = '67405cc650c8d6e20254c14005e2f6ae' AND account_id = 213;
