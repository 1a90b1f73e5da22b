"""One file per command, each exporting `COMMAND`; a folder is a group whose sub-commands are its files."""
