"""Workers that are ended anywhere, and Google answering wrongly: nothing is lost, nothing done twice.

`python -m tests.faults POINT` ends one worker at one point again and prints what came of it.
"""
