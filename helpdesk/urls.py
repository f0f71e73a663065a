"""The address book: each app keeps its own pages."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from helpdesk import views
from helpdesk.carry import views as carry

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("sound/", views.sound, name="sound"),
    path("favicon.ico", login_not_required(RedirectView.as_view(url=static("mark.svg"))), name="favicon"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("set-up/carry/", carry.page, name="carry"),
    path("set-up/carry/file/", carry.download, name="carry-out"),
    path("set-up/carry/look/", carry.look, name="carry-look"),
    path("set-up/carry/import/", carry.bring, name="carry-in"),
    path("", include("reservations.urls")),
    path("", include("troubleshooting.urls")),
]

handler400 = "helpdesk.views.bad_request"
handler403 = "helpdesk.views.forbidden"
handler404 = "helpdesk.views.not_found"
