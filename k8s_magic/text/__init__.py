"""Text as Go prints and reads it: aligned tables, ages, jsonpath, go-template, YAML, JSON.

Owns formats only. Refuses to know what an object means. Imports nothing of the package.
"""
