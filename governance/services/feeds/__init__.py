"""The private calendar feed of a person: its address, and what is read there."""
