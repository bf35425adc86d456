namespace planwise {}
