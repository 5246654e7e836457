"""Read-only lists for pages, mails and commands: always ordered, always through the policy."""
