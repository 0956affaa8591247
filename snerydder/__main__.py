import sys

from snerydder.cli import main

sys.exit(main(sys.argv[1:]))
