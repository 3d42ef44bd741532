"""Django with the database named by DATABASE: a path of a SQLite file, or `socket-directory:port`."""

import os

import django
from django.conf import settings


def database(name):
    if name.startswith("pg:"):
        _, host, port, dbname = name.split(":")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": dbname,
            "USER": "postgres",
            "HOST": host,
            "PORT": port,
        }
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": name}


settings.configure(
    INSTALLED_APPS=["platform_app"],
    DATABASES={"default": database(os.environ["DATABASE"])},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    TIME_ZONE="UTC",
)
django.setup()
