"""The roof: settings, wiring, the web application, the command line and the demo."""
