"""Files of households: read, checked row by row, merged or left out with a reason."""
