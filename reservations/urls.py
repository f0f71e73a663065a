"""The addresses of reservations."""

from django.urls import path

from reservations.views import (
    kiosk_choose,
    kiosk_mine,
    kiosk_pairing,
    kiosk_sign_in,
    kiosk_welcome,
    staff,
    story,
    wall,
)

# Desk
urlpatterns = [
    path("bookings/<int:pk>/", story.booking_story, name="booking-story"),
    path("bookings/<int:pk>/check-in/", staff.check_in_booking, name="booking-check-in"),
    path("bookings/<int:pk>/finish/", staff.finish_booking, name="booking-finish"),
    path("bookings/<int:pk>/cancel/", staff.cancel_booking, name="booking-cancel"),
    path("calls/<int:pk>/done/", staff.call_done, name="call-done"),
    path("guest-pass/<slug:slug>/", staff.guest_pass, name="guest-pass"),
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
    path("kiosk/settings/", kiosk_welcome.settings, name="kiosk-settings"),
    path("kiosk/leave/", kiosk_welcome.leave, name="kiosk-leave"),
]

# In sight of everybody
urlpatterns += [path("wall/<slug:slug>/", wall.wall, name="wall")]
