"""What the FastAPI stacks share: tokenizer, wire format, counters and the application around a model."""
