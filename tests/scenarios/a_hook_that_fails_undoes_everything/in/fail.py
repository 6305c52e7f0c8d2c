import sys
from pathlib import Path

Path("README.md").write_text("edited by the hook\n")
Path("new.txt").write_text("made by the hook\n")
sys.exit("the index is full")
