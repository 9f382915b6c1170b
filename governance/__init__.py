"""Meeting governance: makes a weekly decision meeting in Google Calendar obey its roster."""

__version__ = "0.1.0"
