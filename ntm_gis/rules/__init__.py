"""Rules as data: typed loaders of layer schemas, code lists, maps and commune.toml."""
