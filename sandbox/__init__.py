"""The world outside: BankID, an SMS gateway, a mail server and a clock, for demo and tests."""
