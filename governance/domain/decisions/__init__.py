"""How a decision comes about, and what keeps it from closing.

    Decision (everything said about it, as values) + now → positions, quorum, outcome → findings D01–D07 → may it close?

Everything here is pure. Rows are read into these values and written from them in `services.decisions`.
"""
