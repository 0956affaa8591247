"""Templates rendered and served to a real browser under the product's own content policy, without a database."""

import http.server
import threading
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.test import RequestFactory

POLICY = getattr(settings, "CONTENT_SECURITY_POLICY", None) or (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'"
)
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2", "woff": "font/woff", "png": "image/png"}


def render(template, context, path="/galleri/"):
    """As a view renders it, but with the context as given: the product's own frame would hide the test's."""
    request = RequestFactory().get(path)
    whole = {**context, "request": request, "csrf_input": csrf_input_lazy(request), "csrf_token": csrf_token_lazy(request)}
    return engines["jinja2"].env.get_template(template).render(whole)


class Site:
    """pages: {path: html}. Static files come from where the finders know them."""

    def __init__(self):
        self.pages, self.posted = {}, []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = unquote(self.path.split("?")[0])
                if path in site.pages:
                    return self.answer(200, site.pages[path].encode(), "text/html; charset=utf-8")
                if path.startswith(settings.STATIC_URL) and (file := finders.find(path.removeprefix(settings.STATIC_URL))):
                    with open(file, "rb") as opened:
                        return self.answer(200, opened.read(), TYPES.get(file.rsplit(".")[-1], "application/octet-stream"))
                return self.answer(404, b"", "text/plain")

            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                site.posted.append((self.path, self.rfile.read(length).decode()))
                self.answer(204, b"", "text/plain")

            def answer(self, code, body, kind):
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", POLICY)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *said):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
