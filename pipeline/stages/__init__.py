"""The steps from a source file to the published tables; none knows another."""
