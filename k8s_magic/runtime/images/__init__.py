"""The catalogue: one file an image, each exporting IMAGE. Sorted discovery finds them; `catalog` holds them."""
