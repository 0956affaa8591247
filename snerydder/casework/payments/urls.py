from django.urls import path

from snerydder.casework.payments.views import hours

app_name = "payments"
urlpatterns = [
    path("timer/<uuid:pk>/<str:month>/", hours.rows, name="hours"),
    path("timesedler/", hours.sheet_list, name="sheets"),
    path("timesedler/<uuid:pk>/<str:month>/", hours.sheet, name="sheet"),
    path("timesedler/<uuid:pk>/<str:month>/timeseddel.pdf", hours.sheet_pdf, name="sheet_pdf"),
    path("timesedler/<uuid:pk>/<str:month>/timeseddel.xlsx", hours.sheet_xlsx, name="sheet_xlsx"),
    path("kontakter/<uuid:pk>/bekraeft/", hours.confirm, name="confirm"),
    path("kontakter/<uuid:pk>/spoerg/", hours.ask, name="ask"),
    path("svar/", hours.code, name="code"),
    path("svar/<str:code>/", hours.answer, name="answer"),
]
