"""The pages: a view fetches, calls one service, renders; nothing here knows Google, and no GET can write."""

from web.app import create_app
from web.server import serve

__all__ = ["create_app", "serve"]
