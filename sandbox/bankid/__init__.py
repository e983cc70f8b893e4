"""BankID as the relying party and the person each meet it."""
