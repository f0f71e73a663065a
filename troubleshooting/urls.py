"""The addresses of troubleshooting."""

urlpatterns: list[object] = []
