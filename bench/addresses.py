from django.urls import path

from bench.site import bare
from snerydder.project.urls import urlpatterns as product

urlpatterns = [path("bench/bare/", bare), *product]
