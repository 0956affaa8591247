from django.urls import path

from snerydder.casework.payments.views import hours, invoices, suppliers

app_name = "payments"
urlpatterns = [
    path("timer/<uuid:pk>/<str:month>/", hours.rows, name="hours"),
    path("timesedler/", hours.sheet_list, name="sheets"),
    path("timesedler/<uuid:pk>/<str:month>/", hours.sheet, name="sheet"),
    path("timesedler/<uuid:pk>/<str:month>/timeseddel.pdf", hours.sheet_pdf, name="sheet_pdf"),
    path("timesedler/<uuid:pk>/<str:month>/timeseddel.xlsx", hours.sheet_xlsx, name="sheet_xlsx"),
    path("kontakter/<uuid:pk>/bekraeft/", hours.confirm, name="confirm"),
    path("kontakter/<uuid:pk>/spoerg/", hours.ask, name="ask"),
    path("fakturaer/", invoices.listed, name="invoices"),
    path("fakturaer/bogfoering.csv", invoices.export, name="export"),
    path("fakturaer/<uuid:pk>/", invoices.invoice, name="invoice"),
    path("fakturaer/<uuid:pk>/foelg/", invoices.accept_proposals, name="accept_proposals"),
    path("fakturaer/<uuid:pk>/hold-op/", invoices.check_again, name="check_again"),
    path("fakturaer/<uuid:pk>/godkend/", invoices.approve, name="approve"),
    path("fakturaer/<uuid:pk>/traek-tilbage/", invoices.take_back, name="take_back"),
    path("fakturaer/<uuid:pk>/betal/", invoices.pay, name="pay"),
    path("fakturaer/<uuid:pk>/retur/", invoices.send_back, name="send_back"),
    path("fakturalinjer/<uuid:pk>/", invoices.line, name="line"),
    path("fakturalinjer/<uuid:pk>/svar/", invoices.note_answer, name="note_answer"),
    path("fakturalinjer/<uuid:pk>/ret/", invoices.correct, name="correct"),
    path("rettelser/<uuid:pk>/beslut/", invoices.decide_correction, name="decide_correction"),
    path("rettelser/<uuid:pk>/afvis/", invoices.drop_correction, name="drop_correction"),
    path("leverandoerer/", suppliers.listed, name="suppliers"),
    path("leverandoerer/<uuid:pk>/", suppliers.supplier, name="supplier"),
    path("budget/", suppliers.year, name="budget"),
    path("kontering/", suppliers.postings, name="postings"),
    path("svar/", hours.code, name="code"),
    path("svar/<str:code>/", hours.answer, name="answer"),
]
