"""What the delivery knows of the site, from its configuration."""

from __future__ import annotations

from urllib.parse import urlsplit

from governance.config import Config
from governance.mail.deciding import Policy
from governance.services.mail_context import Office


def office_of(config: Config, *, can_be_asked: bool) -> Office:
    host = urlsplit(config.site.public_url).hostname or "localhost"
    return Office(
        site=config.site.name,
        public_url=config.site.public_url,
        secret_key=config.site.secret_key,
        time_zone=config.site.time_zone,
        currency=config.site.currency,
        # Only the folder goes without one.
        sender=config.mail.sender or f"meetings@{host}",
        reply_to=config.mail.reply_to,
        daily_limit=config.mail.daily_limit,
        policy=Policy(can_be_asked=can_be_asked, resends=config.mail.unclear == "resend"),
        admins=config.site.admins,
    )
