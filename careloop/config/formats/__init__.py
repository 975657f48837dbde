"""How numbers are written where Django says it differently from what people do."""
