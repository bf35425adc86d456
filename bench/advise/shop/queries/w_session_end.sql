UPDATE sessions SET ended_at = now() WHERE token = 'c4ca4238a0b923820dcc509a6f75849b';
