"""Files that hold files: each opened within bounds."""
