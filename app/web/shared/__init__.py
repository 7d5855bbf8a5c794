"""What all portals share: layout, forms, formatting, charts and the wording of errors."""
