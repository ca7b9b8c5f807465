"""The production server: processes, connections, proxies, a dataset that is replaced while it is served."""
