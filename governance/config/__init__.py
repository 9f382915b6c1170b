"""The configuration: TOML, environment and secret files become one frozen value, once, at the edge.

`model` lists every key. `sources` gathers raw settings, `reading` judges them, `example` writes them down.
"""

from governance.config.example import example_config, write_first_config
from governance.config.model import Config
from governance.config.reading import load_config
from governance.domain.errors import ConfigurationError

__all__ = ["Config", "ConfigurationError", "example_config", "load_config", "write_first_config"]
