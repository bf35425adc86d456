SELECT id, state FROM jobs WHERE parent_id = 491920;
