"""What the FastAPI stacks share: the application around a model, and a pipeline for each kind of work."""
