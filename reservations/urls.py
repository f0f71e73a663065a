"""The addresses of reservations."""

urlpatterns: list[object] = []
