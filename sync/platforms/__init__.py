"""What a platform can be asked, and one folder for each platform that is."""
