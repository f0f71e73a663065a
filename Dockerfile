# The one image of web, worker, beat and migrate; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PATH=/app/.venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=helpdesk.settings \
    STATIC_ROOT=/app/staticfiles

WORKDIR /app
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin helpdesk

# Packages first: this layer is kept while the lock file stays the same. The lock's hashes are required
# (helpdesk/install.py), and with servers of their own the wheels of the embedded ones are left out.
COPY requirements.txt ./
COPY helpdesk/install.py helpdesk/install.py
RUN DATABASE_URL=compose REDIS_URL=compose PIP_NO_CACHE_DIR=1 python -I helpdesk/install.py requirements.txt

COPY manage.py ./
COPY docker/healthcheck.py docker/healthcheck.py
COPY helpdesk helpdesk
COPY reservations reservations
COPY troubleshooting troubleshooting
COPY templates templates
COPY static static
COPY locale locale

# The two keys of this line are used for nothing: collecting files signs nothing, and no key stays in the image.
RUN python -m compileall -q helpdesk reservations troubleshooting && \
    SECRET_KEY=only-to-collect PATRON_KEY=only-to-collect python manage.py collectstatic --no-input --verbosity 0

USER helpdesk
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "docker/healthcheck.py"]
CMD ["gunicorn", "helpdesk.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "20", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
