"""Files that came or went with a message: named, sniffed, previewed."""
