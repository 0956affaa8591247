from django.urls import path

from snerydder.evaluation import joining, views

app_name = "evaluation"
urlpatterns = [
    path("", views.studies, name="studies"),
    path("ny/", views.new, name="new"),
    path("rapport.css", views.style, name="style"),
    path("<uuid:pk>/", views.study, name="study"),
    path("<uuid:pk>/protokol/", views.protocol, name="protocol"),
    path("<uuid:pk>/study.toml", views.protocol_file, name="protocol_file"),
    path("<uuid:pk>/data/", views.deliver, name="deliver"),
    path("<uuid:pk>/undervejs/", views.watched, name="watched"),
    path("<uuid:pk>/undervejs/fremgang/", views.watched_progress, name="watched_progress"),
    path("<uuid:pk>/undervejs/regn/", views.watch, name="watch"),
    path("<uuid:pk>/kommuner/", joining.take_parts, name="take_parts"),
    path("<uuid:pk>/saml/", joining.join, name="join"),
    path("pakker/<uuid:pk>/traek-tilbage/", joining.withdraw_part, name="withdraw_part"),
    path("<uuid:pk>/koer/", views.run_study, name="run_study"),
    path("leverancer/<uuid:pk>/", views.delivery, name="delivery"),
    path("leverancer/<uuid:pk>/fremgang/", views.delivery_progress, name="delivery_progress"),
    path("leverancer/<uuid:pk>/brug/", views.use, name="use"),
    path("leverancer/<uuid:pk>/laes-igen/", views.check_again, name="check_again"),
    path("leverancer/<uuid:pk>/traek-tilbage/", views.withdraw, name="withdraw"),
    path("koersler/<uuid:pk>/", views.run, name="run"),
    path("koersler/<uuid:pk>/fremgang/", views.run_progress, name="run_progress"),
    path("koersler/<uuid:pk>/rapport/", views.report, name="report"),
    path("koersler/<uuid:pk>/rapport.<str:document>", views.paper, name="paper"),
    path("koersler/<uuid:pk>/kilder/", views.sources, name="sources"),
    path("koersler/<uuid:pk>/fil/<str:name>", views.file, name="file"),
    path("koersler/<uuid:pk>/frigiv/", views.ask_release, name="ask_release"),
    path("frigivelser/<uuid:pk>/godkend/", views.approve_release, name="approve_release"),
]
