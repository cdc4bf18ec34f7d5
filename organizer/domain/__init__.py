"""The pure heart: who fits whom, and why. No Flask, no database, no clock, no global randomness."""
