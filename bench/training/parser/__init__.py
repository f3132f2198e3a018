"""Learn the parser: a large reader first, then the small pipeline that ships."""
