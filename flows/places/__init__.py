"""Where facts and pages are, as the settings say: in the home, or in a lake and a bucket that machines share."""
