SELECT id, valid_until FROM coupons WHERE code = 'CODE815';
