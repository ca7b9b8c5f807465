"""What is behind ``dashboard.export``: the formats, the files, the manifest, the work."""
