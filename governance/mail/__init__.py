"""Mails of our own, from what is to be said to the mail server's last word.

kinds        which mails there are, who may mute them
facts        what each kind is about: the values that an outbox row keeps
words/       what each kind says: facts in, a letter out
letter       a letter: subject and blocks, the one source of the HTML and of the text
render       a letter as HTML and as text
compose      the finished bytes, parsed back and compared with what was meant
transports/  SMTP, Gmail, a folder
"""
