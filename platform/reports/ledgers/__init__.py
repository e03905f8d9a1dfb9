"""Where the rows of the four ledgers come from, each read through the gate of whoever asks (domain §7.2)."""
