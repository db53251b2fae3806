"""What a person is told of what is wrong or missing: the command that mends it, and a message to whoever runs it."""
