"""Rounds: who sits with whom, published to the hall and the phones, and the clock of each round."""
