"""The tools, one file a group; each exports COMMANDS, names to programs. Sorted discovery finds them."""
