"""The addresses of reservations."""

from django.urls import path

from reservations.views import staff

# Desk
urlpatterns = [
    path("bookings/<int:pk>/check-in/", staff.check_in_booking, name="booking-check-in"),
    path("bookings/<int:pk>/finish/", staff.finish_booking, name="booking-finish"),
    path("bookings/<int:pk>/cancel/", staff.cancel_booking, name="booking-cancel"),
    path("calls/<int:pk>/done/", staff.call_done, name="call-done"),
    path("guest-pass/<slug:slug>/", staff.guest_pass, name="guest-pass"),
]
