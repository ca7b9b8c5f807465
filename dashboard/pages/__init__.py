"""One module a page: what it shows, as data for its template."""
