"""The differences: the list, one of them as a case, ending it, and the comparison of books."""
