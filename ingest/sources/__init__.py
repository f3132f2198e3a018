"""Everything that people keep threads in, read into conversations: files, folders, web addresses, standard input.

gather.gather           what the user named → sources
formats.read_source     a source → conversations, and a `Failure` for each that cannot be read
catalogue               what can be read, for people: `crosstalk sources`
formats.FORMATS         the formats, one module each; a new one is a module with a `FORMAT` and a line there
"""
