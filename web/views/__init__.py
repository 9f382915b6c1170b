"""One module for each thing people come for."""
