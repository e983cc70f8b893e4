"""The phones on the table: everybody's SMS, mail and BankID app, for a person to play with."""
