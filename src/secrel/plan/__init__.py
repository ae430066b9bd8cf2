"""A scene in; an ordered plan of effects with their exact bytes, or its refusal, out."""
