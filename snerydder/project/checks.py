"""What `check --deploy` of Django does not notice. Each is an error: a floor, not advice."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def the_floor(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    rules = {
        "demo is on: anybody could sign in as anybody": not settings.DEMO,
        "test is on": not settings.TEST,
        "no TLS: cookies and headers are those of a demo": not settings.PLAIN_HTTP,
        "ALLOWED_HOSTS is empty or has a wildcard": bool(settings.ALLOWED_HOSTS)
        and not any(host.startswith((".", "*")) for host in settings.ALLOWED_HOSTS),
        "session and CSRF cookies need the __Host- prefix": settings.SESSION_COOKIE_NAME.startswith("__Host-")
        and settings.CSRF_COOKIE_NAME.startswith("__Host-"),
        "the content security policy is missing or lets inline code in": "snerydder.project.headers.strict" in settings.MIDDLEWARE
        and "default-src 'none'" in settings.CONTENT_SECURITY_POLICY
        and "unsafe" not in settings.CONTENT_SECURITY_POLICY,
        "HSTS must hold for a year and cover subdomains": settings.SECURE_HSTS_SECONDS >= 31_536_000 and settings.SECURE_HSTS_INCLUDE_SUBDOMAINS,
        "sessions must live in the database": settings.SESSION_ENGINE == "django.contrib.sessions.backends.db",
        "Argon2 must come first": "Argon2" in settings.PASSWORD_HASHERS[0],
        "the admin must not be installed": "django.contrib.admin" not in settings.INSTALLED_APPS,
        "pages must be served as the role that owns nothing": settings.DATABASE_ROLE == "app",
    }
    return [Error(broken, id=f"snerydder.E{number:03}") for number, (broken, kept) in enumerate(rules.items(), start=1) if not kept]
