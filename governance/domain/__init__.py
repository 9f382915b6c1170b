"""Pure values and rules: no I/O, no clock, no logger. Time is always an argument."""
