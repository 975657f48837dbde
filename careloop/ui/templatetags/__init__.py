"""Tags and filters that the components are written with."""
