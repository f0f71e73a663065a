"""The addresses of troubleshooting."""

from django.urls import path

from troubleshooting.views import desk, question, seat

# Desk
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/suggest/", desk.suggest, name="desk-suggest"),
    path("desk/health/", desk.health, name="desk-health"),
    path("desk/seat/<int:pk>/", seat.seat, name="desk-seat"),
    path("desk/seat/<int:pk>/report/", seat.report, name="desk-report"),
    path("desk/question/<int:pk>/", question.question, name="desk-question"),
    path("desk/question/<int:pk>/take/", question.take, name="desk-take"),
    path("desk/question/<int:pk>/put-back/", question.let_go, name="desk-put-back"),
    path("desk/question/<int:pk>/finish/", question.finish, name="desk-finish"),
    path("desk/<slug:slug>/", desk.desk, name="desk-branch"),
    path("desk/<slug:slug>/log/", desk.log_question, name="desk-log"),
    path("desk/<slug:slug>/tally/", desk.tap, name="desk-tally"),
    path("desk/<slug:slug>/tally/undo/", desk.undo_tap, name="desk-tally-undo"),
]
