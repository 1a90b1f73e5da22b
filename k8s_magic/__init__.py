"""A simulated Kubernetes cluster inside a Jupyter notebook."""
