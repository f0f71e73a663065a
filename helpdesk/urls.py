"""The address book: each app keeps its own pages."""

from django.contrib import admin
from django.urls import include, path

from helpdesk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("reservations.urls")),
    path("", include("troubleshooting.urls")),
]

handler403 = "helpdesk.views.forbidden"
handler404 = "helpdesk.views.not_found"
