"""What is left of quotes (粗利), month by month at each stage, for whoever may see it: page, picture, file."""
