"""The Jinja2 templates of generated packages, one for each file, named after it."""
