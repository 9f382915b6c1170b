"""Mails of our own, from what is to be said to the mail server's last word.

kinds        which mails there are, who may mute them
facts        what each kind is about: the values that an outbox row keeps
words/       what each kind says: facts in, a letter out
letter       a letter: subject and blocks, the one source of the HTML and of the text
markdown     a charter's Markdown, read strictly
render       a letter as HTML and as text
safety       what comes from outside, made harmless before the words see it
addresses    who a mail goes to, built by the address library
compose      the finished bytes
reading_back the same bytes, read by another parser and compared with what was meant
building     all of that in order, and the plain form for what cannot be said safely
transports/  SMTP, Gmail, a folder
"""
