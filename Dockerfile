# One image for web, worker, beat and the commands; docker-compose.yml says which part it plays.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=config.settings.production
WORKDIR /app

# pg_dump and pg_restore, for the commands backup and restore.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*

# Packages first: this layer changes only with the pins.
COPY requirements.txt ./
RUN python -m venv .venv \
 && .venv/bin/python -m pip install --quiet --no-cache-dir --no-deps --require-hashes -r requirements.txt

COPY . .
RUN script/setup --production \
 && useradd --system --uid 10001 --no-create-home bangfu \
 && install -d -o bangfu -g bangfu /app/var
USER bangfu
ENV PATH="/app/.venv/bin:$PATH" BANGFU_BIND=0.0.0.0:8000
VOLUME /app/var
EXPOSE 8000
CMD ["gunicorn", "--config", "gunicorn.conf.py", "config.wsgi"]
