from django.urls import path

from snerydder.casework.lookups.views import citizens, own, reviews

app_name = "lookups"
urlpatterns = [
    path("opslag/", reviews.overview, name="overview"),
    path("opslag/maaned/<str:month>/", reviews.month, name="month"),
    path("opslag/maaned/<str:month>/gennemgaa/", reviews.look_through, name="look_through"),
    path("opslag/maaned/<str:month>/frys/", reviews.freeze, name="freeze"),
    path("opslag/maaned/<str:month>/fil/<str:form>/", reviews.export, name="export"),
    path("opslag/stikproever/<uuid:pk>/tal/", reviews.number, name="number"),
    path("opslag/stikproever/<uuid:pk>/slet-tal/", reviews.wipe, name="wipe"),
    path("opslag/stikproever/<uuid:pk>/liste/", reviews.list_file, name="list_file"),
    path("opslag/udtaget/<uuid:pk>/", reviews.picked, name="picked"),
    path("opslag/udtaget/<uuid:pk>/opfoelgning/", reviews.follow_up, name="follow_up"),
    path("mine-opslag/", own.mine, name="mine"),
    path("mine-opslag/<uuid:pk>/", own.explain, name="explain"),
    path("borgere/<uuid:pk>/opslag/", citizens.looks, name="citizen"),
    path("borgere/<uuid:pk>/opslag/brev/", citizens.letter, name="letter"),
    path("borgere/<uuid:pk>/opslag/kode/", citizens.give_code, name="give_code"),
    path("set/", citizens.code, name="code"),
    path("set/<str:code>/", citizens.own_list, name="own_list"),
]
