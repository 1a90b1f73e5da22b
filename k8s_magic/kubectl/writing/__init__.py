"""What the commands that change things share: generators, the last-applied annotation, patches of Pod templates.

Owns no commands. May import the rest of kubectl except `commands`.
"""
