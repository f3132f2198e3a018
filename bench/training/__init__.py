"""What trains the weights that ship: a module for each, run as a command. Nothing here is installed."""
