"""What is printed, as documents that know neither paper nor device."""
