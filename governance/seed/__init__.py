"""One cast and a believable quarter: for the demo, the tests, the browser tests and the pictures.

`cast` says who they are, `charters` what their meetings are for, `quarter` what has happened and
`attended` who was there, `panel` what a visitor
of the demo can do as one of them, `demo` starts it all.
"""
