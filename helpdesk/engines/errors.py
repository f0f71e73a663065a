"""The one error of the embedded engines: a sentence for the person at the terminal."""

from django.core.exceptions import ImproperlyConfigured


class EngineError(ImproperlyConfigured):
    """What stops the start, said in one plain sentence with its remedy."""
