"""ForumMagnum, the software of LessWrong, the Alignment Forum and the EA Forum: live and saved GraphQL."""
