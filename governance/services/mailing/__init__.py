"""Who is told what, and when: a mail is posted in the transaction of the fact that it reports.

announcing   services say what they did; posted when the transaction is about to end, from what is true then
letters      a mail that is to be posted, as a value
posting      values become rows of the outbox, each once, with the links they carry
roster_mails seats, mandates, applications and notes
removing     people who were taken off an invitation, and the chair who is told of them
planning     what a cycle has found: changes that are held, or undone again and again
reminding    what comes with time: declines nobody stands in for, mandates that are missing or end
attention    troubles of the service, for its operators
"""
