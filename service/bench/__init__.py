"""Measurements of the service and of batch runs; `make bench-service` and `make bench-batch` run them."""
