"""What people wrote: the nouns, and the record that keeps them. Knows nothing of the other packages.

In: conversations and claims. Out: the same, exactly. Everybody may import it.
"""
