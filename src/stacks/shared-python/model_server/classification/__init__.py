"""Images in, the best classes of each out."""
