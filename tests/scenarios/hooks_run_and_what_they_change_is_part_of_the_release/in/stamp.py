from pathlib import Path

text = Path("packages/core/pyproject.toml").read_text()
Path("VERSIONS").write_text(text.splitlines()[2] + "\n")
