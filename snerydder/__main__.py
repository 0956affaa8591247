import sys

from snerydder.cli import main

if __name__ == "__main__":  # a helper process reads this file again under another name
    sys.exit(main(sys.argv[1:]))
