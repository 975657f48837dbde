"""What goes in and what comes out, apart from rows and tables."""
