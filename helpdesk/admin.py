"""Set-up of accounts: posts with a role. Apps add their inlines, such as where a post works."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from helpdesk.models import User
from helpdesk.setup_site import SetupAdmin

admin.site.unregister(Group)  # a role opens screens; Django's groups play no part


@admin.register(User)
class AccountAdmin(SetupAdmin, UserAdmin):  # type: ignore[type-arg]
    """An account: user name, role, mail address, password, and whether it is in use; records keep their author."""

    can_remove = False
    add_form = UserCreationForm  # every account signs in here, with a password

    list_display = ("username", "role", "email", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "email")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (
            None,
            {
                "fields": ("username", "password", "role", "is_active"),
                "description": _("Accounts are not deleted, so that records keep their author. Untick Active instead."),
            },
        ),
        (_("Notices"), {"fields": ("email", "sound")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        (_("Post"), {"fields": ("role", "email", "sound")}),
    )
