from django.urls import path

from snerydder.casework.cases import views

app_name = "cases"
urlpatterns = [
    path("borgere/<uuid:pk>/henvis/", views.refer, name="refer"),
    path("sager/overdrag/", views.hand_over, name="hand_over"),
    path("sager/<uuid:pk>/henvisning/ret/", views.change_referral, name="change_referral"),
    path("sager/<uuid:pk>/vurdering/", views.assess, name="assess"),
    path("sager/<uuid:pk>/vurdering/fortryd/", views.undo_assessment, name="undo_assessment"),
    path("sager/<uuid:pk>/maal/", views.goal, name="goal"),
    path("maal/<uuid:pk>/ret/", views.change_goal, name="change_goal"),
    path("sager/<uuid:pk>/opfoelgning/", views.follow_up, name="follow_up"),
    path("opfoelgninger/<uuid:pk>/fortryd/", views.withdraw_follow_up, name="withdraw_follow_up"),
    path("sager/<uuid:pk>/kladde/<slug:page>/", views.keep, name="keep"),
    path("sager/<uuid:pk>/kladde/<slug:page>/kasser/", views.drop_draft, name="drop_draft"),
    path("sager/<uuid:pk>/afslut/", views.close, name="close"),
    path("sager/<uuid:pk>/genaabn/", views.reopen, name="reopen"),
    path("sager/<uuid:pk>/annuller/", views.cancel, name="cancel"),
]
