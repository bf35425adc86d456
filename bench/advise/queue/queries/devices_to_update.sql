SELECT id FROM devices WHERE model = 'm37' AND firmware = '1.0' AND status = 'active';
