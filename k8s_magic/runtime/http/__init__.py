"""HTTP/1 as the simulated servers speak it by bytes: what they read, what they refuse, how they say their answers."""
