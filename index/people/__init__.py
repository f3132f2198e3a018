"""People: who is in the base, and what one of them says, defines, believes and takes back."""
