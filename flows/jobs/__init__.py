"""What a person or a schedule asks for: each job is a plain function over the pipeline."""
