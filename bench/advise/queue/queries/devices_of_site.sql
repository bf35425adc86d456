SELECT id, serial FROM devices WHERE meta @> '{"site": "s417"}';
