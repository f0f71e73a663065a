"""The WSGI entry that gunicorn loads. What takes a while is prepared beside the first requests."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

from helpdesk import registry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
application = get_wsgi_application()
Thread(target=registry.warm_up, name="warm-up", daemon=True).start()
