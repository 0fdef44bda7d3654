"""Former communes: their rows, figures and villages beside those of the new one."""
