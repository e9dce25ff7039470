"""Another hand's city: who pays whom, when and how much from a third party's set, in which schemes are then planted."""
