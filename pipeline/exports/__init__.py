"""What is published: files made from the declared tables, nothing else."""
