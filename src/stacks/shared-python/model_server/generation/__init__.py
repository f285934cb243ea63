"""Prompts in, what follows them out, token by token."""
