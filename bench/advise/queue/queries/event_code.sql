SELECT count(*) FROM events WHERE payload @> '{"code": "E271"}';
