"""The form of the mails: their words, both readings, the bytes, and what hostile texts cannot do to them."""
