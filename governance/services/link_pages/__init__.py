"""What an action link shows and does: GET looks, POST acts, and both ask first whether the fact still stands.

values     what a page is made of: the state of the link, what it is about, what can be done
finding    from the token to the page
using      doing it: once, as the person whom the link names
mandates   the sponsor's: confirm, change, decline, renew, grant for a day
days       the delegate's: who stands in, or that they come after all
joining    of those without a seat: apply, leave a note; and the sponsor's endorsement
offers     of those to whom a seat is offered: accept, decline
deciding   chair's and scribe's: held changes, people who were taken off, contested changes
"""
