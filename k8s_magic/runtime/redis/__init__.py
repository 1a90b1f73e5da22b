"""What the redis image is made of: the store behind its commands."""
