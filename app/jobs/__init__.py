"""The job process: claims due rows of `jobs`, does them, seals the trail."""
