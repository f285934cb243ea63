"""Texts in, an embedding of each out."""
