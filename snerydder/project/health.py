"""GET /healthz: 200 when a page could be served, 503 when the database is away."""

from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse

from snerydder.access.door import open_to_all


@transaction.non_atomic_requests  # else the transaction's own start fails first, as a 500
@open_to_all
def healthz(request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return HttpResponse("database away\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
