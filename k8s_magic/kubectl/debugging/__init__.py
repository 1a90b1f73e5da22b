"""What `kubectl debug` makes: ephemeral containers, copies of Pods, Pods on nodes, and how it attaches to them."""
