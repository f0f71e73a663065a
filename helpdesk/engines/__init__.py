"""PostgreSQL and Valkey from their wheels, for a machine without servers. `helpdesk.embedded` is the door."""
