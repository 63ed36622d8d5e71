"""Input devices of a till: what turns a code held before them into text, and says how the device is."""
