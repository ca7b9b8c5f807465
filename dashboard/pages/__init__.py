"""One module per page: what it shows, as data for its template."""
