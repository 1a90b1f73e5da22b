"""What the nginx image is made of: its files and the part of its configuration language that is understood."""
