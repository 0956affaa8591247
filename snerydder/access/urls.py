from django.conf import settings
from django.urls import path

from snerydder.access.views import places, sign_in, staff, stand_ins

app_name = "access"
urlpatterns = [
    path("log-ind/", sign_in.login, name="login"),
    path("log-ud/", sign_in.logout, name="logout"),
    path("min-side/", places.me, name="me"),
    path("adgangskode/", sign_in.password, name="password"),
    path("adgangskode/<uuid:pk>/<str:token>/", sign_in.password_link, name="password_link"),
    path("ingen-plads/", places.no_place, name="no_place"),
    path("skift-plads/", places.change_place, name="change_place"),
    path("velkommen/<str:token>/", places.join, name="join"),
    path("medarbejdere/", staff.staff, name="staff"),
    path("medarbejdere/ny/", staff.staff_new, name="staff_new"),
    path("medarbejdere/<uuid:pk>/", staff.staff_member, name="staff_member"),
    path("medarbejdere/<uuid:pk>/ret/", staff.staff_edit, name="staff_edit"),
    path("medarbejdere/<uuid:pk>/luk/", staff.staff_close, name="staff_close"),
    path("medarbejdere/<uuid:pk>/aabn/", staff.staff_open, name="staff_open"),
    path("medarbejdere/<uuid:pk>/login/", staff.staff_sign_in, name="staff_sign_in"),
    path("enheder/ny/", staff.unit_new, name="unit_new"),
    path("enheder/<uuid:pk>/ret/", staff.unit_edit, name="unit_edit"),
    path("kommunen/", staff.municipality, name="municipality"),
    path("stedfortraeder/", stand_ins.stand_ins, name="stand_ins"),
    path("stedfortraeder/ny/", stand_ins.stand_in_new, name="stand_in_new"),
    path("stedfortraeder/<uuid:pk>/slut/", stand_ins.stand_in_end, name="stand_in_end"),
]
if settings.DEMO:  # outside the demo the address does not exist
    urlpatterns.append(path("persona/<str:username>/", sign_in.persona, name="persona"))
