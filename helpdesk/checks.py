"""Deploy and naming checks."""
