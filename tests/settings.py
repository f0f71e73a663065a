"""The product's settings, read in the environment of the suite."""

from tests import environment  # noqa: F401, I001  (first: it decides what the settings find)
from helpdesk.settings import *  # noqa: F403

# Each client of a test builds the middleware anew: look a static file up when it is asked for, not all at each start.
WHITENOISE_AUTOREFRESH = True

# Passwords of tests are not worth a million rounds.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
