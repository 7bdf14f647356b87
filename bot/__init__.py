"""The running service: settings, channels, jobs, web addresses and the command line."""
