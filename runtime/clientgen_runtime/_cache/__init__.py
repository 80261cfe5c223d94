"""The HTTP cache; loaded by clients that have one."""
