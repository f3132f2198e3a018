"""What analyses find over the whole record: how it runs, where it is kept, and whether it still holds."""
