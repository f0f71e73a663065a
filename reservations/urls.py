"""The addresses of reservations."""

from django.urls import path

from reservations.views import (
    block_form,
    blocks,
    cards,
    close_early,
    kiosk_choose,
    kiosk_family,
    kiosk_guest,
    kiosk_line,
    kiosk_mine,
    kiosk_move,
    kiosk_pairing,
    kiosk_session,
    kiosk_sign_in,
    kiosk_welcome,
    policies,
    set_up_classes,
    set_up_device_file,
    set_up_devices,
    set_up_room,
    special_hours,
    staff,
    staff_book_for,
    staff_booking,
    staff_cards,
    staff_line,
    staff_move,
    story,
    undo,
    wall,
)

# Desk: one booking, the line, somebody at the counter, the last thing taken back
urlpatterns = [
    path("bookings/<int:pk>/", story.booking_story, name="booking-story"),
    path("bookings/<int:pk>/check-in/", staff_booking.check_in_booking, name="booking-check-in"),
    path("bookings/<int:pk>/finish/", staff_booking.finish_booking, name="booking-finish"),
    path("bookings/<int:pk>/cancel/", staff_booking.cancel_booking, name="booking-cancel"),
    path("bookings/<int:pk>/extend/", staff_booking.extend_booking, name="booking-extend"),
    path("bookings/<int:pk>/land/", staff_booking.land_booking, name="booking-land"),
    path("bookings/<int:pk>/resume/", staff_booking.resume_booking, name="booking-resume"),
    path("bookings/<int:pk>/help/begin/", staff_booking.begin_help_at, name="booking-help-begin"),
    path("bookings/<int:pk>/help/end/", staff_booking.end_help_at, name="booking-help-end"),
    path("bookings/<int:pk>/move/", staff_move.move_booking, name="booking-move"),
    path("bookings/undo/<int:pk>/", undo.undo_booking, name="booking-undo"),
    path("line/undo/<int:pk>/", undo.undo_place, name="turn-undo"),
    path("line/<int:pk>/", staff_line.turn, name="turn"),
    path("line/<int:pk>/call/", staff_line.call_turn, name="turn-call"),
    path("line/<int:pk>/skip/", staff_line.skip_turn, name="turn-skip"),
    path("line/<int:pk>/seat/", staff_line.seat_turn, name="turn-seat"),
    path("line/<int:pk>/change/", staff_line.change_turn, name="turn-change"),
    path("line/<int:pk>/remove/", staff_line.remove_turn, name="turn-remove"),
    path("line/<int:pk>/rejoin/", staff_line.rejoin_turn, name="turn-rejoin"),
    path("book-for/<slug:slug>/", staff_book_for.book_for_form, name="book-for"),
    path("book-for/<slug:slug>/book/", staff_book_for.book_for_somebody, name="book-for-somebody"),
    path("calls/<int:pk>/", staff_move.call, name="call"),
    path("calls/<int:pk>/instead/", staff_move.call_instead, name="call-instead"),
    path("calls/<int:pk>/back/", staff_move.call_back, name="call-back"),
    path("calls/<int:pk>/done/", staff.call_done, name="call-done"),
    path("calls/<int:pk>/undo/", undo.undo_told, name="call-undo"),
    path("seats/<int:pk>/lacks/", staff_move.set_lacks, name="seat-lacks"),
    path("seats/<int:pk>/expected/", staff_move.set_expected, name="seat-expected"),
    path("guest-pass/<slug:slug>/", staff.guest_pass, name="guest-pass"),
]

# Classes, planned maintenance, days that are not as usual
urlpatterns += [
    path("blocks/", blocks.blocks, name="blocks"),
    path("blocks/at/<slug:slug>/", blocks.blocks, name="blocks-branch"),
    path("blocks/at/<slug:slug>/new/", block_form.new, name="block-new"),
    path("blocks/at/<slug:slug>/plan/", block_form.plan, name="block-plan"),
    path("blocks/<int:pk>/", blocks.block, name="block"),
    path("blocks/<int:pk>/change/", block_form.change, name="block-change"),
    path("blocks/<int:pk>/change/plan/", block_form.change_plan, name="block-change-plan"),
    path("blocks/<int:pk>/leave-out/", blocks.leave_day_out, name="block-leave-out"),
    path("blocks/<int:pk>/call-off/", blocks.call_block_off, name="block-call-off"),
    path("close-early/<slug:slug>/", close_early.form, name="close-early"),
    path("close-early/<slug:slug>/plan/", close_early.plan, name="close-early-plan"),
    path("close-early/<int:pk>/undo/", close_early.undo, name="close-early-undo"),
    path("set-up/hours/<slug:slug>/special/", special_hours.special, name="special-hours"),
    path("set-up/hours/<slug:slug>/special/plan/", special_hours.plan, name="special-plan"),
    path("set-up/hours/<slug:slug>/special/remove/", special_hours.remove, name="special-remove"),
    path("set-up/hours/<slug:slug>/special/file/", special_hours.read_file, name="special-file"),
    path("set-up/hours/<slug:slug>/special/import/", special_hours.save_file, name="special-import"),
]

# Kiosk
urlpatterns += [
    path("kiosk/", kiosk_welcome.welcome, name="kiosk"),
    path("kiosk/pair/", kiosk_pairing.pair, name="kiosk-pair"),
    path("kiosk/sign-in/", kiosk_sign_in.sign_in_step, name="kiosk-sign-in"),
    path("kiosk/now/", kiosk_choose.now_step, name="kiosk-now"),
    path("kiosk/times/", kiosk_choose.times_step, name="kiosk-times"),
    path("kiosk/book/", kiosk_choose.book, name="kiosk-book"),
    path("kiosk/booked/<int:pk>/", kiosk_mine.booked, name="kiosk-booked"),
    path("kiosk/mine/", kiosk_mine.mine, name="kiosk-mine"),
    path("kiosk/mine/<int:pk>/cancel/", kiosk_mine.cancel, name="kiosk-cancel"),
    path("kiosk/mine/<int:pk>/check-in/", kiosk_mine.check_in, name="kiosk-check-in"),
    path("kiosk/mine/<int:pk>/finish/", kiosk_mine.finish, name="kiosk-finish"),
    path("kiosk/mine/<int:pk>/extend/", kiosk_session.extend, name="kiosk-extend"),
    path("kiosk/mine/<int:pk>/land/", kiosk_session.land, name="kiosk-land"),
    path("kiosk/mine/<int:pk>/move/", kiosk_move.move_step, name="kiosk-move"),
    path("kiosk/mine/<int:pk>/instead/", kiosk_move.instead, name="kiosk-instead"),
    path("kiosk/mine/<int:pk>/back/", kiosk_move.back, name="kiosk-back"),
    path("kiosk/mine/<int:pk>/resume/", kiosk_session.resume, name="kiosk-resume"),
    path("kiosk/line/", kiosk_line.join_line, name="kiosk-line"),
    path("kiosk/line/<int:pk>/", kiosk_line.place, name="kiosk-turn"),
    path("kiosk/line/<int:pk>/claim/", kiosk_line.sit_down, name="kiosk-turn-claim"),
    path("kiosk/line/<int:pk>/leave/", kiosk_line.leave_line, name="kiosk-turn-leave"),
    path("kiosk/line/<int:pk>/rejoin/", kiosk_line.rejoin_line, name="kiosk-turn-rejoin"),
    path("kiosk/mine/<int:pk>/with/", kiosk_family.with_me, name="kiosk-with"),
    path("kiosk/guest/", kiosk_guest.guest, name="kiosk-guest"),
    path("kiosk/settings/", kiosk_welcome.settings, name="kiosk-settings"),
    path("kiosk/leave/", kiosk_welcome.leave, name="kiosk-leave"),
]

# In sight of everybody
urlpatterns += [path("wall/<slug:slug>/", wall.wall, name="wall")]

# Set-up
urlpatterns += [
    path("set-up/policies/", policies.policies, name="policies"),
    path("set-up/policies/new/", policies.policy_new, name="policy-new"),
    path("set-up/policies/add/", policies.policy_add, name="policy-add"),
    path("set-up/policies/<int:pk>/", policies.policy, name="policy"),
    path("set-up/policies/<int:pk>/save/", policies.policy_save, name="policy-save"),
    path("set-up/policies/<int:pk>/remove/", policies.policy_remove, name="policy-remove"),
]

# Desk: cards, passes, a second seat
urlpatterns += [
    path("card/", staff_cards.card, name="card-desk"),
    path("card/<slug:slug>/", staff_cards.card, name="card"),
    path("card/<slug:slug>/find/", staff_cards.card_find, name="card-find"),
    path("card/<slug:slug>/<int:pk>/block/", staff_cards.card_block, name="card-block"),
    path("card/<slug:slug>/<int:pk>/lift/", staff_cards.card_lift, name="card-lift"),
    path("guest-passes/<slug:slug>/", staff_cards.passes, name="passes"),
    path("guest-passes/<slug:slug>/issue/", staff_cards.passes_issue, name="passes-issue"),
    path("guest-passes/<int:pk>/revoke/", staff_cards.pass_revoke, name="pass-revoke"),
    path("bookings/<int:pk>/with/", staff_cards.family, name="booking-with"),
    path("bookings/<int:pk>/with/book/", staff_cards.family_book, name="booking-with-book"),
]

# Set-up of cards
urlpatterns += [
    path("set-up/cards/", cards.cards, name="cards"),
    path("set-up/cards/upload/", cards.card_upload, name="card-upload"),
    path("set-up/cards/<int:pk>/", cards.card_import, name="card-import"),
    path("set-up/cards/<int:pk>/import/", cards.card_import_begin, name="card-import-begin"),
    path("set-up/cards/<int:pk>/drop/", cards.card_import_drop, name="card-import-drop"),
    path("set-up/cards/<int:pk>/report/", cards.card_import_report, name="card-import-report"),
    path("set-up/look-ups/", cards.lookups, name="lookups"),
]

# Set-up of rooms: their order, classes of devices, devices
urlpatterns += [
    path("set-up/room/", set_up_room.rooms, name="rooms"),
    path("set-up/room/<slug:slug>/", set_up_room.room, name="room"),
    path("set-up/room/<slug:slug>/move/", set_up_room.room_move, name="room-move"),
    path("set-up/room/<slug:slug>/areas/", set_up_room.area_add, name="area-add"),
    path("set-up/areas/<int:pk>/change/", set_up_room.area_change, name="area-change"),
    path("set-up/areas/<int:pk>/remove/", set_up_room.area_remove, name="area-remove"),
    path("set-up/classes/", set_up_classes.classes, name="classes"),
    path("set-up/classes/add/", set_up_classes.class_add, name="class-add"),
    path("set-up/classes/<int:pk>/", set_up_classes.class_page, name="class"),
    path("set-up/classes/<int:pk>/save/", set_up_classes.class_save, name="class-save"),
    path("set-up/classes/<int:pk>/remove/", set_up_classes.class_remove, name="class-remove"),
    path("set-up/devices/", set_up_devices.devices, name="devices"),
    path("set-up/devices/at/<slug:slug>/", set_up_devices.devices, name="devices-branch"),
    path("set-up/devices/at/<slug:slug>/new/", set_up_devices.device_new, name="device-new"),
    path("set-up/devices/at/<slug:slug>/add/", set_up_devices.device_add, name="device-add"),
    path("set-up/devices/<int:pk>/", set_up_devices.device, name="device"),
    path("set-up/devices/<int:pk>/save/", set_up_devices.device_save, name="device-save"),
    path("set-up/devices/<int:pk>/move/", set_up_devices.device_move, name="device-move"),
    path("set-up/devices/<int:pk>/retire/", set_up_devices.device_retire, name="device-retire"),
    path("set-up/devices/<int:pk>/retired/", set_up_devices.device_retired, name="device-retired"),
    path("set-up/devices/<int:pk>/return/", set_up_devices.device_return, name="device-return"),
    path("set-up/devices/at/<slug:slug>/file/", set_up_device_file.device_file, name="device-file"),
    path("set-up/devices/at/<slug:slug>/file/read/", set_up_device_file.device_file_read, name="device-file-read"),
    path("set-up/devices/at/<slug:slug>/file/save/", set_up_device_file.device_file_save, name="device-file-save"),
    path("set-up/devices/at/<slug:slug>/file/csv/", set_up_device_file.device_file_template, name="device-file-csv"),
]
