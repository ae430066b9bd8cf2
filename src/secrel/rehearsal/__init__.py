"""Stories in; a whole release played on the embedded forge out."""
