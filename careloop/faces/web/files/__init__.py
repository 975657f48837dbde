"""Files: taken in while somebody writes, and handed out to whoever may read what they hang on."""
