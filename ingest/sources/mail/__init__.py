"""Mail: files of it as programs keep them, what its author did not write in it, and the mails that it answers."""
