"""The command groups, one module each: parse arguments, call the pipeline, print. `cli.py` registers them."""
