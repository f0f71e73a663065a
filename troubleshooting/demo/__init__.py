"""The demo library's half of troubleshooting: what people asked this week, and what is open now."""
