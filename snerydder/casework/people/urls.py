from django.urls import path

from snerydder.casework.people.views import citizens, mentors

app_name = "people"
urlpatterns = [
    path("soeg/", citizens.search, name="search"),
    path("borgere/ny/", citizens.citizen_new, name="citizen_new"),
    path("borgere/<uuid:pk>/", citizens.citizen, name="citizen"),
    path("borgere/<uuid:pk>/ret/", citizens.citizen_edit, name="citizen_edit"),
    path("borgere/<uuid:pk>/cpr/", citizens.show_cpr, name="show_cpr"),
    path("borgere/<uuid:pk>/beskyttet/", citizens.show_protected, name="show_protected"),
    path("mentorer/", mentors.mentors, name="mentors"),
    path("mentorer/ny/", mentors.mentor_new, name="mentor_new"),
    path("mentorer/supervision/", mentors.supervision_new, name="supervision_new"),
    path("mentorer/<uuid:pk>/", mentors.mentor, name="mentor"),
    path("mentorer/<uuid:pk>/ret/", mentors.mentor_edit, name="mentor_edit"),
    path("mentorer/<uuid:pk>/pause/", mentors.mentor_pause, name="mentor_pause"),
    path("mentorer/<uuid:pk>/klar/", mentors.mentor_resume, name="mentor_resume"),
    path("mentorer/<uuid:pk>/kvalifikation/", mentors.qualification_new, name="qualification_new"),
    path("mentorer/<uuid:pk>/kursus/", mentors.course_new, name="course_new"),
    path("kvalifikationer/<uuid:pk>/ret/", mentors.qualification_edit, name="qualification_edit"),
    path("kvalifikationer/<uuid:pk>/fjern/", mentors.qualification_remove, name="qualification_remove"),
    path("kurser/<uuid:pk>/holdt/", mentors.course_held, name="course_held"),
    path("kurser/<uuid:pk>/ikke-holdt/", mentors.course_not_held, name="course_not_held"),
    path("kurser/<uuid:pk>/fjern/", mentors.course_remove, name="course_remove"),
    path("dokumenter/<uuid:pk>/", mentors.document, name="document"),
]
