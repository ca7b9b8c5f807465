"""The production server: processes, connections, and a dataset that is replaced while it is served."""
