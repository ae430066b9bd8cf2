"""An assessment and texts in; an ordered plan of effects, or its refusal, out."""
