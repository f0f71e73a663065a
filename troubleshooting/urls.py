"""The addresses of troubleshooting."""

from django.urls import path

from troubleshooting.views import (
    answer,
    desk,
    guide_steps,
    guides,
    it,
    kiosk_help,
    notices,
    question,
    reference,
    seat,
    story,
    suggest,
)

# Desk
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/suggest/", suggest.suggestion, name="desk-suggest"),
    path("desk/health/", desk.health, name="desk-health"),
    path("desk/seat/<int:pk>/", seat.seat, name="desk-seat"),
    path("desk/seat/<int:pk>/report/", seat.report, name="desk-report"),
    path("desk/seat/<int:pk>/report/preview/", seat.preview, name="desk-report-preview"),
    path("desk/question/<int:pk>/", question.question, name="desk-question"),
    path("desk/question/<int:pk>/take/", question.take, name="desk-take"),
    path("desk/question/<int:pk>/put-back/", question.let_go, name="desk-put-back"),
    path("desk/question/<int:pk>/finish/", question.finish, name="desk-finish"),
    path("desk/<slug:slug>/", desk.desk, name="desk-branch"),
    path("desk/<slug:slug>/log/", desk.log_question, name="desk-log"),
    path("desk/<slug:slug>/tally/", desk.tap, name="desk-tally"),
    path("desk/<slug:slug>/tally/undo/", desk.undo_tap, name="desk-tally-undo"),
]

# Reference
urlpatterns += [
    path("reference/", reference.queue, name="reference"),
    path("reference/<int:pk>/take/", reference.take, name="reference-take"),
    path("reference/<int:pk>/put-back/", reference.put_back, name="reference-put-back"),
    path("reference/<int:pk>/done/", reference.done, name="reference-done"),
    path("reference/<int:pk>/to-it/", reference.to_it, name="reference-to-it"),
    path("reference/<slug:branch>/", reference.queue, name="reference-branch"),
]

# IT
urlpatterns += [
    path("it/", it.work_list, name="it"),
    path("it/<int:pk>/", it.work_list, name="it-fault"),
    path("it/<int:pk>/take/", it.take, name="it-take"),
    path("it/<int:pk>/put-back/", it.put_back, name="it-put-back"),
    path("it/<int:pk>/fixed/", it.fixed, name="it-fixed"),
    path("it/<int:pk>/send-back/", it.send_back, name="it-send-back"),
]

# Every role
urlpatterns += [
    path("questions/<int:pk>/", story.question, name="question"),
    path("questions/<int:pk>/answer/", answer.answer, name="question-answer"),
    path("questions/<int:pk>/reopen/", story.reopen, name="question-reopen"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read, name="notices-read"),
    path("notices/<int:pk>/retry/", notices.retry, name="letter-retry"),
    path("notices/<int:pk>/dismiss/", notices.dismiss, name="letter-dismiss"),
]

# Guides
urlpatterns += [
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:code>/", guides.guide, name="guide"),
    path("guides/<slug:code>/preview/", guides.preview, name="guide-preview"),
    path("guides/<slug:code>/draft/", guides.begin, name="guide-draft"),
    path("guides/<slug:code>/drop/", guides.drop, name="guide-drop"),
    path("guides/<slug:code>/publish/", guides.publish, name="guide-publish"),
    path("guides/<slug:code>/steps/new/", guide_steps.new, name="guide-step-new"),
    path("guides/<slug:code>/steps/add/", guide_steps.add, name="guide-step-add"),
    path("guides/<slug:code>/steps/<int:pk>/", guide_steps.step, name="guide-step"),
    path("guides/<slug:code>/steps/<int:pk>/save/", guide_steps.save, name="guide-step-save"),
    path("guides/<slug:code>/steps/<int:pk>/move/", guide_steps.move, name="guide-step-move"),
    path("guides/<slug:code>/steps/<int:pk>/remove/", guide_steps.remove, name="guide-step-remove"),
]

# Help at the kiosk
urlpatterns += [
    path("kiosk/help/", kiosk_help.what, name="kiosk-help"),
    path("kiosk/help/coming/<uuid:key>/", kiosk_help.coming, name="kiosk-help-coming"),
    path("kiosk/help/coming/<uuid:key>/withdraw/", kiosk_help.withdraw, name="kiosk-help-withdraw"),
    path("kiosk/help/<slug:slug>/", kiosk_help.attempt, name="kiosk-help-try"),
    path("kiosk/help/<slug:slug>/solved/", kiosk_help.solved, name="kiosk-help-solved"),
    path("kiosk/help/<slug:slug>/where/", kiosk_help.where, name="kiosk-help-where"),
]
