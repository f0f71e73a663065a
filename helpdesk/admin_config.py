"""Makes the set-up site Django's default admin site, so that apps register with it as usual."""

from django.contrib.admin.apps import AdminConfig


class SetupAdminConfig(AdminConfig):
    default_site = "helpdesk.setup_site.SetupSite"
