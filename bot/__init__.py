"""The gateway: the only folder that touches the network, the real clock and the environment."""
