"""observe → drift → plan → apply: each step a value handed to the next, each value carrying its reason.

Read in this order: `observed` (what Google said; `received` is how it says it), `drift` (what differs
from the roster, by rule), `plan` (what would be written, what waits and why), `ports` (what the outside
must offer), `apply` (the writes), `reconciler` (one cycle of one calendar).
"""
