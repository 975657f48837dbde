"""Administration: other systems that are told what happens."""
