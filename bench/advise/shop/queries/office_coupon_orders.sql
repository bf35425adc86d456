SELECT o.id, o.total FROM orders o JOIN coupons c ON c.id = o.coupon_id WHERE c.code = 'CODE815';
