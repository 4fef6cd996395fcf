"""The HTTP service: what it takes, what it answers, and the server it runs under."""
