"""Sample rows of casework."""
