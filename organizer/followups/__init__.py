"""Follow-up prompts: when, why, and with which draft."""
