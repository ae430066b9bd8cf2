"""An approval in; effects in the world, each once, and their outcomes out; never decides."""
