"""A batch run: where pages come from, who cleans them, where answers go, and what is told of it."""
