"""Pages on paper: what is read here is read on the pages too, and comes from the same values."""
