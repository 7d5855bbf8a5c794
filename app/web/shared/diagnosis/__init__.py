"""Pages and forms of diagnoses, and of what is to be done, that the portals have in common."""
