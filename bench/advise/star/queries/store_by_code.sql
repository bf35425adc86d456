SELECT store_id, name, format FROM dim_store WHERE code = 'S0417';
