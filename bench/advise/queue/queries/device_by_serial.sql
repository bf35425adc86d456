SELECT id, account_id, status FROM devices WHERE serial = 'SN00004711';
