"""The way to find: vectors, search, people, terms, mismatches, clusters. Imports only `corpus`.

All of it is derived from the record and can be rebuilt from it. `index.knowledge_base` is the one door.
"""
