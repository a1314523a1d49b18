"""The Oracle: what graph and docket must hold, computed again from the manifest's rows by the written rules alone."""
