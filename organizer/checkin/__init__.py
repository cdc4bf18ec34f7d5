"""The door: scans, check-ins, the fee."""
