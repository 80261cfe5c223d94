"""Settings of the documentation."""

project = "clientgen"
author = "The clientgen authors"
project_copyright = "2026, the clientgen authors"
extensions = ["myst_parser"]
exclude_patterns = ["_build", "examples"]
html_theme = "furo"
html_title = "clientgen"
myst_heading_anchors = 3
nitpicky = True
