"""The commands of the command line, one file per noun. ``tracker.cli`` finds each when it is asked for."""
