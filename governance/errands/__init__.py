"""Does what pages want of Google: in a worker, one errand after the other."""
