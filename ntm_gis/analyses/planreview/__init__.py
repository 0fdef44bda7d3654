"""The review of inherited plans: numbered rules, their outcomes, decisions about them."""
