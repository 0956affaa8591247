from django.urls import path

from snerydder.casework.agreements import views

app_name = "agreements"
urlpatterns = [
    path("sager/mentorskift/", views.replace_mentor, name="replace_mentor"),
    path("sager/<uuid:case_id>/match/", views.match, name="match"),
    path("sager/<uuid:case_id>/match/fravalg/", views.veto, name="veto"),
    path("sager/<uuid:case_id>/match/fortryd/", views.undo_choice, name="undo_choice"),
    path("fravalg/<uuid:pk>/slet/", views.lift_veto, name="lift_veto"),
    path("sager/<uuid:case_id>/aftale/", views.agreement, name="agreement"),
    path("sager/<uuid:case_id>/aftale/skriv/", views.write, name="write"),
    path("aftaler/<uuid:pk>/accept/", views.accept, name="accept"),
    path("accepter/<uuid:pk>/fortryd/", views.withdraw_acceptance, name="withdraw_acceptance"),
    path("aftaler/<uuid:pk>/start/", views.start, name="start"),
    path("aftaler/<uuid:pk>/fortryd-start/", views.undo_start, name="undo_start"),
    path("aftaler/<uuid:pk>/min-plan/", views.min_plan, name="min_plan"),
    path("aftaler/<uuid:pk>/pdf/", views.pdf, name="pdf"),
]
