"""The HTTP API: routes, parameters and the shapes of what they answer."""
