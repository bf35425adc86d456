SELECT id, customer_id FROM sessions WHERE token = 'c4ca4238a0b923820dcc509a6f75849b';
