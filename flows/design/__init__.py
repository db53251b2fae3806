"""One system of type, colour, space and plots for everything that is looked at: report, served pages, static pages."""
