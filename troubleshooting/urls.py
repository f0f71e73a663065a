"""The addresses of troubleshooting."""

from django.urls import path

from troubleshooting.views import (
    answer,
    bulk,
    desk,
    guide_steps,
    guides,
    it,
    kiosk_help,
    kiosk_librarian,
    notices,
    one_to_ones,
    question,
    reference,
    reference_one_to_ones,
    search,
    seat,
    seat_help,
    shift,
    staff_hours,
    sticker,
    story,
    suggest,
    tally,
)

# Desk
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/suggest/", suggest.suggestion, name="desk-suggest"),
    path("desk/health/", desk.health, name="desk-health"),
    path("desk/seat/<int:pk>/", seat.seat, name="desk-seat"),
    path("desk/seat/<int:pk>/report/", seat.report, name="desk-report"),
    path("desk/seat/<int:pk>/report/preview/", seat.preview, name="desk-report-preview"),
    path("desk/seat/<int:pk>/help/", sticker.sticker, name="desk-seat-help"),
    path("desk/seat/<int:pk>/help/renew/", sticker.renew, name="desk-seat-help-renew"),
    path("desk/question/<int:pk>/", question.question, name="desk-question"),
    path("desk/question/<int:pk>/take/", question.take, name="desk-take"),
    path("desk/question/<int:pk>/put-back/", question.let_go, name="desk-put-back"),
    path("desk/question/<int:pk>/keep-on/", question.keep_on, name="desk-keep-on"),
    path("desk/question/<int:pk>/finish/", question.finish, name="desk-finish"),
    path("desk/<slug:slug>/", desk.desk, name="desk-branch"),
    path("desk/<slug:slug>/log/", desk.log_question, name="desk-log"),
    path("desk/<slug:slug>/tally/", tally.tap, name="desk-tally"),
    path("desk/<slug:slug>/tally/undo/", tally.undo, name="desk-tally-undo"),
    path("desk/<slug:slug>/tally/late/", tally.late, name="desk-tally-late"),
    path("desk/<slug:slug>/tally/late/save/", tally.late_saved, name="desk-tally-late-save"),
]

# One-to-ones
urlpatterns += [
    path("desk/<slug:slug>/one-to-one/", one_to_ones.new, name="appointment-new"),
    path("desk/<slug:slug>/one-to-one/book/", one_to_ones.book, name="appointment-book"),
    path("one-to-one/<int:pk>/", one_to_ones.one, name="appointment"),
    path("one-to-one/<int:pk>/move/", one_to_ones.move, name="appointment-move"),
    path("one-to-one/<int:pk>/moved/", one_to_ones.moved, name="appointment-moved"),
    path("one-to-one/<int:pk>/cancel/", one_to_ones.cancel, name="appointment-cancel"),
    path("one-to-one/<int:pk>/here/", reference_one_to_ones.here, name="appointment-here"),
    path("one-to-one/<int:pk>/not-come/", reference_one_to_ones.nobody_came, name="appointment-not-come"),
    path("one-to-one/<int:pk>/record/", reference_one_to_ones.record, name="appointment-record"),
    path("one-to-one/<int:pk>/held/", reference_one_to_ones.held, name="appointment-held"),
    path("reference/<slug:branch>/one-to-ones/", reference_one_to_ones.beside, name="reference-beside"),
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
    path("questions/<int:pk>/note/", story.note, name="question-note"),
    path("questions/<int:pk>/take-over/", story.take_over, name="question-take-over"),
    path("questions/<int:pk>/split/", story.split, name="question-split"),
    path("questions/<int:pk>/here/", story.here, name="question-here"),
    path("questions/<int:pk>/answer/", answer.answer, name="question-answer"),
    path("questions/<int:pk>/reopen/", story.reopen, name="question-reopen"),
    path("questions/bulk/", bulk.act, name="bulk"),
    path("questions/bulk/undo/<str:token>/", bulk.undo, name="bulk-undo"),
    path("search/", search.search, name="search"),
    path("search/keep/", search.save, name="view-save"),
    path("search/kept/<int:pk>/rename/", search.rename, name="view-rename"),
    path("search/kept/<int:pk>/delete/", search.delete, name="view-delete"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read, name="notices-read"),
    path("notices/<int:pk>/retry/", notices.retry, name="letter-retry"),
    path("notices/<int:pk>/dismiss/", notices.dismiss, name="letter-dismiss"),
]

# Staff hours
urlpatterns += [
    path("staff-hours/", staff_hours.everybody, name="staff-hours"),
    path("staff-hours/<int:pk>/", staff_hours.person, name="staff-person"),
    path("staff-hours/<int:pk>/week/", staff_hours.save_week, name="staff-week-save"),
    path("staff-hours/<int:pk>/away/", staff_hours.add_absence, name="absence-add"),
    path("staff-hours/away/<int:pk>/remove/", staff_hours.remove_absence, name="absence-remove"),
]

# The end of a shift
urlpatterns += [
    path("shift-end/", shift.mine, name="shift-end"),
    path("shift-end/<int:pk>/", shift.leave, name="shift-end-leave"),
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
    path("kiosk/librarian/", kiosk_librarian.topics, name="kiosk-librarian"),
    path("kiosk/librarian/booked/<uuid:key>/", kiosk_librarian.booked, name="kiosk-librarian-booked"),
    path("kiosk/librarian/booked/<uuid:key>/cancel/", kiosk_librarian.cancel, name="kiosk-librarian-cancel"),
    path("kiosk/librarian/<slug:slug>/", kiosk_librarian.times, name="kiosk-librarian-times"),
    path("kiosk/librarian/<slug:slug>/book/", kiosk_librarian.book, name="kiosk-librarian-book"),
    path("kiosk/help/<slug:slug>/", kiosk_help.attempt, name="kiosk-help-try"),
    path("kiosk/help/<slug:slug>/solved/", kiosk_help.solved, name="kiosk-help-solved"),
    path("kiosk/help/<slug:slug>/where/", kiosk_help.where, name="kiosk-help-where"),
]

# Help at a seat, for whoever has its signed address
urlpatterns += [
    path("help/<str:code>/", seat_help.what, name="seat-help"),
    path("help/<str:code>/coming/<uuid:key>/", seat_help.coming, name="seat-help-coming"),
    path("help/<str:code>/<slug:slug>/", seat_help.attempt, name="seat-help-try"),
]
