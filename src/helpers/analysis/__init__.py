"""What we compute: pure functions, DataFrame in, DataFrame out; no files, no plotting."""
