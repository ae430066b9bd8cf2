"""Stories in; a whole release played on the embedded forge, or on a GitLab, out."""
