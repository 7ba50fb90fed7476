"""Answers the name of a variable of the environment by its value, or by nothing."""

import os
import sys

for line in sys.stdin:
    print(os.environ.get(line.strip(), ""), flush=True)
