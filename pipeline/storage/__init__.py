"""What is kept between runs: stage results, the files pages are drawn from, digests of files."""
