"""The controller manager: each file or folder holds one controller and its record CONTROLLER.

Owns nothing but what it can read back from the API. May import `client` and below.
"""
