"""What is under way: dossiers, the way in's record of rows, cases, and the protective compartment under its own key."""
